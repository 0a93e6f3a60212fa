"""A fresh database knows the crafts of DOMAIN.md §8; staff keep the list from then on."""

from django.db import migrations

from izmek.text.fold import fold, slug

TECHNIQUES = """
el nakışı – hand embroidery; makine nakışı – machine embroidery; kurdele nakışı – ribbon embroidery;
hesap işi – counted-thread embroidery; Antep işi – drawn-thread work;
sim sırma – metallic-thread embroidery; tel kırma – metal-strip embroidery; kanaviçe – cross-stitch;
iğne oyası – needle lace; tığ oyası – crochet lace; mekik oyası – tatting; dantel – lace;
tığ örgü – crochet; amigurumi – amigurumi; makrome – macramé; punch nakışı – punch needle;
kırkyama – patchwork; yorgancılık – quilt making; giyim – garment making; mefruşat – home textiles;
kilim dokuma – kilim weaving; halı dokuma – carpet weaving; keçe – felt; bez bebek – rag dolls;
ahşap boyama – wood painting; ahşap oyma – wood carving; pirografi – pyrography; naht – fretwork;
Edirnekâri – Edirnekâri; kâğıt rölyef – paper relief; katı' – paper cutting; ebru – paper marbling;
hüsn-i hat – calligraphy; tezhip – illumination; minyatür – miniature; çini – tile decoration;
seramik – ceramics; mozaik – mosaic; vitray – stained glass; cam füzyon – glass fusing;
filografi – string art; takı tasarımı – jewellery; telkâri – filigree;
bakır kabartma – copper repoussé; deri işleme – leather; sepet örücülüğü – basketry;
ipek boyama – silk painting; yağlı boya – oil painting
"""


def capital(text):
    return {"i": "İ", "ı": "I"}.get(text[0], text[0].upper()) + text[1:]


def write(apps, schema_editor):
    Technique = apps.get_model("exhibitions", "Technique")
    for entry in TECHNIQUES.replace("\n", " ").split(";"):
        name, name_en = (part.strip() for part in entry.split(" – "))
        words = " ".join(capital(word) for word in name.split())
        Technique.objects.get_or_create(
            slug=slug(name),
            defaults={
                "name": words,
                "name_en": capital(name_en) if name_en != name else name_en,
                "folded": fold(f"{words} {name_en}"),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("exhibitions", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
