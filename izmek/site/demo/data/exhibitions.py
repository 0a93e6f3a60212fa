"""The exhibitions, their works, and what people asked and wrote.

The first one took place: its places, offices, year and the two officials’ names are public. Its day
is not, nor its hours; what is shown there and by whom is invented, as is every other exhibition.
"""

from datetime import date

AKMESE = "akmese-2023"

# key: the columns of Exhibition; `begin` and `end` may be days from today, `hall` is the key of the
# neighbourhood’s centre. `works`: (craft, begin of its course as data.teaching has it – or, for what
# was made outside a course, the key of a centre –, how many). `scenes`: drawn pictures of the hall.
EXHIBITIONS = {
    AKMESE: {
        "kind": "mixed",
        "title": "Akmeşe Mahalle Konağı Yıl Sonu Sergisi",
        "title_en": "Year-End Exhibition at Akmeşe Neighbourhood Hall",
        "venue": "Akmeşe Mahalle Konağı",
        "neighbourhood": "Akmeşe",
        "centres": ["akmese", "ambarci", "ortaburun"],
        "begin": date(2023, 6, 1),
        "end": date(2023, 6, 30),
        "date_precision": "month",
        "date_note": "Serginin günü kayıtlarda yok; haziran ayı varsayılmıştır.",
        "text": "Üç mahallenin kursları bir yılın emeğini tek salonda topladı: Akmeşe’nin "
        "kilimleri ve iğne oyaları, Ambarcı’nın keçeleri, Ortaburun’un ebruları yan yana dizildi. "
        "Masalarda yalnız kursiyerlerin değil, onlara yol gösteren öğretmenlerin işleri de vardı.\n\n"
        "2022-2023 döneminin kapanışı olan bu buluşma, İzmit Belediyesinin İzmit Halk Eğitimi "
        "Merkezi Müdürlüğüyle ortak bir protokol çerçevesinde yürüttüğü kursların ürünüydü. Kapıyı, "
        "belediye başkanı olarak Fatma Kaplan Hürriyet ile müdür olarak Zeki Kalaç açtı. Kalaç, beş "
        "aylık sürede ulaşılan kişi sayısını otuz beş bin dolayında verdi; Hürriyet, el emeğinin eve "
        "gelir de getirmesini diledi. Konuklar daha sonra masaları tek tek gezdi.",
        "text_en": "The courses of three neighbourhoods brought a year’s work together in one hall: "
        "kilims and needle lace from Akmeşe, felt from Ambarcı, marbled paper from Ortaburun. On the "
        "tables lay not only what the trainees had made but also pieces by the teachers who had "
        "shown them the way.\n\n"
        "It closed the 2022-2023 year of the courses, which İzmit Municipality runs under a protocol "
        "with the İzmit Directorate of the Public Education Centre. The mayor, Fatma Kaplan "
        "Hürriyet, and the director, Zeki Kalaç, opened it. Mr Kalaç put the number of people "
        "reached in five months at about thirty-five thousand; the mayor hoped that the handiwork "
        "would also earn its makers an income. Then the guests went from table to table.",
        "guests": [
            (
                "Fatma Kaplan Hürriyet",
                "İzmit Belediye Başkanı",
                "Mayor of İzmit",
                True,
            ),
            (
                "Zeki Kalaç",
                "İzmit Halk Eğitimi Merkezi Müdürü",
                "Director of the İzmit Public Education Centre",
                True,
            ),
        ],
        "partners": [
            (
                "İzmit Halk Eğitimi Merkezi Müdürlüğü",
                "Ortak protokolle",
                "under a joint protocol",
            )
        ],
        "works": [
            ("kilim-dokuma", "2022-10-03", 5),
            ("igne-oyasi", "2022-10-03", 6),
            ("kece", "2022-10-10", 4),
            ("ebru", "2022-10-17", 2),
            ("kirkyama", "2022-10-03", 4),
            ("cini", "2022-10-03", 3),
            ("ahsap-boyama", "2022-10-10", 3),
            ("filografi", "2022-12-05", 3),
        ],
        "scenes": ["opening", "hall"],
    },
    "bekirdere-2024": {
        "kind": "class",
        "title": "Bekirdere’nin Oyaları",
        "title_en": "The Needle Lace of Bekirdere",
        "venue": "Bekirdere Kurs Merkezi",
        "hall": "bekirdere",
        "centres": ["bekirdere"],
        "begin": date(2024, 6, 3),
        "end": date(2024, 6, 7),
        "opens_at": "09:30",
        "closes_at": "16:30",
        "opening_at": "14:00",
        "access": "Yan kapıda rampa var; zile basınca görevli kapıyı açar.",
        "access_en": "There is a ramp at the side door; ring and someone will open.",
        "entry": "Ücretsiz",
        "entry_en": "Free of charge",
        "text": "Tek bir sınıfın, tek bir iğneyle geçirdiği kış. Bekirdere’de yirmi iki kursiyer "
        "ekimden mayısa kadar aynı masanın çevresinde oturdu; sergide her birinin ilk düğümü ile son "
        "motifi yan yana duruyor.",
        "text_en": "One class and its winter with a single needle. In Bekirdere twenty-two trainees "
        "sat around the same table from October to May; here the first knot of each lies beside her "
        "last motif.",
        "visitor_count": 340,
        "guests": [("Sevim Tuzcu", "Sınıfın öğretmeni", "Teacher of the class", True)],
        "partners": [("İzmit Halk Eğitimi Merkezi Müdürlüğü", "", "")],
        "works": [("igne-oyasi", "2023-10-02", 9)],
        "scenes": [],
    },
    "genel-2025": {
        "kind": "general",
        "title": "Yıl Sonu Genel Sergisi",
        "title_en": "General Year-End Exhibition",
        "venue": "Yahya Kaptan Kurs Merkezi, giriş salonu",
        "hall": "yahya-kaptan",
        "centres": ["akmese", "ambarci", "yahya-kaptan", "bekirdere", "yenimahalle", "alikahya"],
        "begin": date(2025, 6, 2),
        "end": date(2025, 6, 15),
        "opens_at": "10:00",
        "closes_at": "19:00",
        "opening_at": "11:00",
        "closed_on": [date(2025, 6, 6)],
        "access": "Asansör ve engelli tuvaleti var; salonda oturma yerleri bulunur.",
        "access_en": "Lift and accessible toilet; there are seats in the hall.",
        "entry": "Ücretsiz",
        "entry_en": "Free of charge",
        "text": "Şehrin altı merkezinden gelen işler bu kez mahallesine göre değil, malzemesine göre "
        "dizildi: önce yün, sonra ip, kâğıt, ahşap ve toprak. Aynı salonda iki hafta boyunca "
        "öğretmenler nöbetleşe anlattı, isteyen ziyaretçi iğneyi ve fırçayı eline aldı.",
        "text_en": "Pieces from six centres across the city, arranged this time not by neighbourhood "
        "but by material: first wool, then thread, paper, wood and clay. For two weeks the teachers "
        "took turns explaining, and visitors who wished took needle and brush in hand.",
        "visitor_count": 2150,
        "guests": [
            ("Tolga Başaran", "Yahya Kaptan kursları adına", "For the courses of the centre", True),
            ("Gülten Özçelik", "Öğretmenler adına", "For the teachers", True),
        ],
        "partners": [("İzmit Halk Eğitimi Merkezi Müdürlüğü", "", "")],
        "works": [
            ("kece", "2024-10-07", 2),
            ("kirkyama", "2024-09-30", 3),
            ("igne-oyasi", "2024-09-30", 1),
            ("kanavice", "yenimahalle", 2),
            ("ebru", "2024-09-30", 3),
            ("ahsap-boyama", "2024-09-30", 3),
            ("cini", "2023-10-02", 2),
        ],
        "scenes": ["hall"],
    },
    "current": {
        "kind": "mixed",
        "title": "İlmek, Boya, Ateş",
        "title_en": "Thread, Paint, Fire",
        "venue": "Yahya Kaptan Kurs Merkezi, giriş salonu",
        "hall": "yahya-kaptan",
        "centres": ["akmese", "alikahya", "ortaburun", "bekirdere", "yahya-kaptan"],
        "begin": -9,
        "end": 19,
        "opens_at": "10:00",
        "closes_at": "18:00",
        "opening_at": "14:00",
        "access": "Asansör, engelli tuvaleti ve salonda oturma yerleri var. Büyük puntolu künye "
        "girişteki masadan alınabilir.",
        "access_en": "Lift, accessible toilet and seats in the hall. Large-print labels lie on the "
        "table at the entrance.",
        "entry": "Ücretsiz",
        "entry_en": "Free of charge",
        "text": "Geçen dönemin kurslarından seçilen on yedi iş, nasıl yapıldıklarına göre üç köşede: "
        "ilmekle büyüyenler, boyayla açılanlar, ateşte değişenler. Her köşede yarım bırakılmış bir "
        "parça da var; dokunmak, evirip çevirmek serbest.",
        "text_en": "Seventeen pieces from last season’s courses in three corners, by how they came "
        "about: grown by thread, opened by paint, changed by fire. In each corner lies one that was "
        "left unfinished, to be touched and turned over.",
        "guests": [
            ("İlknur Çağlayan", "Çini öğretmeni", "Teacher of tile decoration", True),
            ("Nurhan Aydemir", "Kilim öğretmeni", "Teacher of kilim weaving", False),
        ],
        "partners": [("İzmit Halk Eğitimi Merkezi Müdürlüğü", "", "")],
        "works": [
            ("kilim-dokuma", -390, 4),
            ("ebru", -330, 3),
            ("cini", -380, 3),
            ("vitray", "yahya-kaptan", 2),
            ("kirkyama", -370, 2),
            ("filografi", -300, 3),
        ],
        "scenes": ["hall"],
    },
    "coming": {
        "kind": "centre",
        "title": "Yünün Yolu",
        "title_en": "The Way of Wool",
        "venue": "Akmeşe Mahalle Konağı",
        "hall": "akmese",
        "address": "",
        "centres": ["akmese", "ambarci"],
        "begin": 18,
        "end": 26,
        "opens_at": "09:30",
        "closes_at": "17:00",
        "opening_at": "14:00",
        "access": "Girişte rampa var; salon giriş katında.",
        "access_en": "There is a ramp at the entrance; the hall is on the ground floor.",
        "entry": "Ücretsiz",
        "entry_en": "Free of charge",
        "text": "Koyunun sırtından duvara kadar: kırkılan, yıkanan, eğrilen, boyanan yünün bütün "
        "durakları. Süren kursların ilk işleri tezgâhlarıyla birlikte konağa taşınıyor; ziyaretçiler "
        "dokumanın başına oturup birkaç sıra atabilecek.",
        "text_en": "From the sheep’s back to the wall: every stop on the way of wool that is shorn, "
        "washed, spun and dyed. The first pieces of the courses now running move to the hall together "
        "with their looms, and visitors may sit down and weave a few rows.",
        "guests": [("Nurhan Aydemir", "Kilim ve keçe öğretmeni", "Teacher of weaving", True)],
        "partners": [("İzmit Halk Eğitimi Merkezi Müdürlüğü", "", "")],
        "works": [
            ("kilim-dokuma", -56, 3),
            ("kece", -42, 3),
            ("ahsap-boyama", -37, 3),
            ("igne-oyasi", -60, 2),
        ],
        "scenes": [],
    },
    "draft": {
        "kind": "mixed",
        "title": "Suyun ve Ateşin İşi",
        "title_en": "The Work of Water and Fire",
        "venue": "Alikahya Kurs Merkezi",
        "hall": "alikahya",
        "centres": ["alikahya", "ortaburun"],
        "begin": 72,
        "end": 82,
        "opens_at": "10:00",
        "closes_at": "17:00",
        "entry": "Ücretsiz",
        "entry_en": "Free of charge",
        "text": "Ebru ile çini ilk kez aynı salonda. Metin hazırlanıyor.",
        "text_en": "",
        "guests": [],
        "partners": [],
        "works": [("cini", -63, 3), ("ebru", -44, 2), ("igne-oyasi", -60, 2)],
        "scenes": [],
    },
}

# Of which exhibition and which of its works: what state it is in instead of approved, and why.
STATES = {
    ("genel-2025", 15): ("withdrawn", "Sahibi eserini evine almak istedi."),
    ("coming", 2): ("submitted", ""),
    ("coming", 5): ("submitted", ""),
    ("coming", 8): ("returned", "Ölçüler eksik; bir de arkadan fotoğraf rica ederim."),
    ("draft", 0): ("submitted", ""),
    ("draft", 1): ("submitted", ""),
    ("draft", 2): ("draft", ""),
    ("draft", 3): ("returned", "Başlık başka bir eserle aynı, değiştirelim mi?"),
    ("draft", 4): ("draft", ""),
    ("draft", 5): ("draft", ""),
    ("draft", 6): ("withdrawn", "Taşınırken zarar gördü, öğretmeni geri çekti."),
}

# (exhibition, which of its works or None, name, e-mail, message, days ago, answer)
ENQUIRIES = [
    (
        "current",
        0,
        "Bir ziyaretçi",
        "ziyaretci@example.org",
        "Merhaba, bu kilimin daha küçüğü dokunur mu? Koridor için düşünüyorum.",
        2,
        "",
    ),
    (
        "current",
        8,
        "Gölcük’ten okur",
        "okur@example.org",
        "Eser satıldıysa benzerini sipariş etmek isterim. Ne kadar sürer?",
        5,
        "Öğretmenimizle görüştük: üç hafta içinde yapılabiliyor. Merkeze uğrarsanız örnekleri "
        "gösterelim.",
    ),
    (
        "genel-2025",
        4,
        "A visitor from Bursa",
        "visitor@example.org",
        "Is there a course in English, or a day when one may watch the class?",
        1,
        "",
    ),
]
PRIVACY_ENQUIRY = (
    "Eski bir kursiyer",
    "eski.kursiyer@example.org",
    "Hakkımda hangi bilgilerin tutulduğunu öğrenmek istiyorum.",
    3,
)

# (exhibition, name, text, language, shown)
NOTES = [
    (
        "current",
        "Emine",
        "Annemin kilimini duvarda görünce ağladım. Ellerinize sağlık.",
        "tr",
        True,
    ),
    ("current", "", "Ebru köşesinde saatlerce kaldık, çocuklar da çok sevdi.", "tr", True),
    ("current", "James", "The tiles alone were worth the trip. Thank you!", "en", True),
    ("current", "", "Pazar günleri daha geç kapansa ne iyi olurdu.", "tr", False),
    ("genel-2025", "Rıza", "Filografi kursu ne zaman açılacak, ben de isterim.", "tr", True),
]
