"""Parts by Typst become one PDF, read back with pypdf."""

import io

import pytest
from pypdf import PdfReader

from izmek.papers.compiling import compiled
from izmek.papers.joining import Joined

TRAP = "A 12 0 R (b (c)) ) \\\\ /StructParents 3 >> endobj /A<</Type/Action/S/URI/URI(#yok)>>"


def part(body, title="Bütün"):
    source = (
        f'#set document(title: "{title}")\n#set text(lang: "tr", font: "Source Sans 3")\n{body}'
    )
    return compiled({"main": source.encode()}, format="pdf", pdf_standards=["ua-1"])


def joined(*parts):
    out = io.BytesIO()
    whole = Joined(out)
    for one in parts:
        whole.add(one)
    whole.close()
    return PdfReader(out, strict=True)


def tags(reader):
    """(tag, its description, the text that it marks) of all elements, in the order of reading."""

    def walk(element):
        element = element.get_object()
        kids = element["/K"].get_object() if "/K" in element else []
        kids = kids if isinstance(kids, list) else [kids]
        marks = [kid for kid in kids if isinstance(kid, int)]
        yield element["/S"], element.get("/Alt"), element.get("/T"), len(marks)
        for kid in kids:
            if not isinstance(kid, int) and "/S" in kid.get_object():
                yield from walk(kid)

    (document,) = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    return list(walk(document))


PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"
FIRST = f"""= Bir <bir>
#link("#iki")[Öbür bölüme]
#image(bytes("{PICTURE}"), alt: "{TRAP}")
#table(columns: 2, table.header[A][B], [1], [2])"""
SECOND = """= İki <iki>
#link("#bir")[Geri] #link("https://izmek.test/(a)")[Ağda]
== Alt
#table(columns: 2, table.header[C][D], [3], [4])"""


@pytest.fixture(scope="module")
def whole():
    return joined(part(FIRST), part(SECOND), part("= Üç\nSon."))


def test_tags_of_all_parts_stand_in_one_tree(whole):
    bodies = (FIRST, SECOND, "= Üç\nSon.")
    alone = [tags(PdfReader(io.BytesIO(part(body)))) for body in bodies]
    document, *found = tags(whole)
    assert document[0] == "/Document"
    assert found == [tag for one in alone for tag in one[1:]]
    assert [alt for _tag, alt, _title, _marks in found if alt] == [TRAP.replace("\\\\", "\\")]


def test_what_is_marked_on_a_page_leads_back_to_its_tag(whole):
    root = whole.trailer["/Root"]["/StructTreeRoot"]
    nums = root["/ParentTree"]["/Nums"]
    tree = dict(zip(nums[::2], nums[1::2], strict=True))
    assert list(tree) == list(range(root["/ParentTreeNextKey"]))
    for page in whole.pages:
        for number, element in enumerate(tree[page["/StructParents"]].get_object()):
            element = element.get_object()
            assert number in element["/K"]
            assert element["/Pg"].get_object() == page
        for annotation in page.get("/Annots", []):
            element = tree[annotation.get_object()["/StructParent"]].get_object()
            (found,) = [kid for kid in element["/K"] if not isinstance(kid, int)]
            assert found["/Obj"].get_object() == annotation.get_object()


def test_cells_of_tables_in_different_parts_have_different_names(whole):
    names = whole.trailer["/Root"]["/StructTreeRoot"]["/IDTree"]["/Names"]
    ids, elements = names[::2], names[1::2]
    assert len(set(ids)) == 4 and ids == sorted(ids)
    assert [element.get_object()["/ID"] for element in elements] == ids


def test_links_lead_into_other_parts_and_out_of_the_file(whole):
    first, second = (page["/Annots"] for page in whole.pages[:2])
    to_second = first[0].get_object()
    assert to_second["/Dest"].get_object()[0].get_object() == whole.pages[1]
    assert to_second["/Contents"] == "İki"
    back, out = (one.get_object() for one in second)
    assert back["/Dest"].get_object()[0].get_object() == whole.pages[0]
    assert out["/A"]["/URI"] == "https://izmek.test/(a)"


def test_bookmarks_title_and_number_of_pages_are_those_of_the_whole(whole):
    outline = whole.outline
    assert [one if isinstance(one, str) else getattr(one, "title", "…") for one in outline] == [
        "Bir",
        "İki",
        "…",
        "Üç",
    ]
    assert [whole.get_destination_page_number(one) for one in outline if hasattr(one, "title")] == [
        0,
        1,
        2,
    ]
    assert whole.metadata.title == "Bütün"
    metadata = whole.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "<xmpTPg:NPages>3<" in metadata and "pdfuaid" in metadata
    assert len(whole.pages) == 3


def test_a_link_to_nowhere_is_an_error():
    with pytest.raises(KeyError):
        joined(part('= Bir\n#link("#yok")[Hiçbir yere]'))
