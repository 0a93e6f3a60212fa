"""Places and days. The neighbourhoods are İzmit's; addresses, telephones and rooms are invented."""

from datetime import date

# Where people live who attend: (name, how many in a thousand)
NEIGHBOURHOODS = {
    "Akmeşe": 150,
    "Ambarcı": 80,
    "Ortaburun": 80,
    "Yahya Kaptan": 110,
    "Bekirdere": 100,
    "Kozluk": 80,
    "Yenimahalle": 80,
    "Alikahya Merkez": 110,
    "Topçular": 40,
    "Erenler": 40,
    "Gültepe": 40,
    "Kuruçeşme": 40,
    "Tepeköy": 30,
    "Malta": 20,
}

# key: (name, neighbourhood, address, telephone, hours, access, rooms {name: seats}, text, text_en)
CENTRES = {
    "akmese": (
        "Akmeşe Kurs Merkezi",
        "Akmeşe",
        "Konak Sokak No: 7",
        "+902620000101",
        "Hafta içi 08.30-17.30, hafta sonu 09.30-13.30",
        "Girişte rampa var; dokuma atölyesi ve tuvalet giriş katında.",
        {"Dokuma atölyesi": 20, "Dikiş odası": 20, "Büyük derslik": 25},
        "Mahalle konağının yanı başındaki iki katlı binada altı dokuma tezgâhı, dikiş makineleri ve "
        "her gün kaynayan bir çaydanlık var. Kursların çoğu kış aylarında başlar, yaz sergisiyle "
        "kapanır; bahçedeki asmanın altı da derslik sayılır.",
        "In the two-storey house beside the neighbourhood hall there are six looms, sewing machines "
        "and a teapot that is never cold. Most courses begin before winter and close with the "
        "summer exhibition; the bench under the vine counts as a classroom too.",
    ),
    "ambarci": (
        "Ambarcı Kurs Merkezi",
        "Ambarcı",
        "Okul Yolu No: 3",
        "+902620000102",
        "Hafta içi 09.00-17.00",
        "Tek katlı yapı, kapıda eşik yok. Engelli tuvaleti bahçe tarafında.",
        {"Keçe atölyesi": 18, "Derslik 1": 20},
        "Bir zamanların köy okulu. Tahta sıralar gitti, yerine uzun çalışma masaları geldi; sobanın "
        "olduğu köşede yün ıslatılıyor, pencere kenarında ahşap boyanıyor.",
        "Once the village school. The wooden desks gave way to long work tables; wool is wetted in "
        "the corner of the old stove, and wood is painted by the windows.",
    ),
    "ortaburun": (
        "Ortaburun Kurs Merkezi",
        "Ortaburun",
        "Çeşme Sokak No: 12",
        "+902620000103",
        "Hafta içi 09.00-17.00",
        "Ebru atölyesi giriş katında. Üst kata yalnız merdivenle çıkılıyor.",
        {"Ebru atölyesi": 16, "Çini atölyesi": 18, "Derslik 2": 20},
        "Suyla ve ateşle çalışılan merkez: alt katta ebru tekneleri, arka odada küçük bir çini "
        "fırını. Fırının açıldığı gün derse gelmeyen olmaz.",
        "The centre that works with water and fire: marbling troughs on the ground floor, a small "
        "tile kiln in the back room. Nobody misses a lesson on the day the kiln is opened.",
    ),
    "yahya-kaptan": (
        "Yahya Kaptan Kurs Merkezi",
        "Yahya Kaptan",
        "Çınar Caddesi No: 48",
        "+902620000104",
        "Her gün 08.30-22.00",
        "Asansör, engelli tuvaleti ve iki engelli otopark yeri var.",
        {"Bilgisayar odası": 20, "Atölye A": 20, "Atölye B": 24},
        "Şehrin en geniş kurs merkezi; akşam grupları sayesinde çalışanlar da yer bulur. Koridordaki "
        "camlı dolapta her ay başka bir kursun işleri sergilenir.",
        "The largest of the centres; its evening groups have room for people who work by day. The "
        "glass case in the corridor shows another course’s pieces each month.",
    ),
    "bekirdere": (
        "Bekirdere Kurs Merkezi",
        "Bekirdere",
        "Yokuş Sokak No: 21",
        "+902620000105",
        "Hafta içi 08.30-21.30, cumartesi 10.00-16.00",
        "Yan kapıda rampa var; zile basınca görevli kapıyı açar.",
        {"Derslik 1": 18, "Derslik 2": 22},
        "Yokuşun başında, körfezi gören pencereleriyle. Burada iğne oyası kuşaktan kuşağa geçer: "
        "aynı sırada oturan anne, kız ve torun görmek olağandır.",
        "At the top of the hill, its windows look over the gulf. Needle lace goes from one "
        "generation to the next here: a mother, a daughter and a granddaughter on one bench are a "
        "common sight.",
    ),
    "kozluk": (
        "Kozluk Kurs Merkezi",
        "Kozluk",
        "Terzi Aralığı No: 5",
        "+902620000106",
        "Hafta içi 08.30-17.30",
        "Giriş düz ayak; dikimhane birinci katta, asansör yok.",
        {"Dikimhane": 20, "Kalıp odası": 16},
        "Yirmi dikiş makinesi ve büyük bir kesim masası. Giyim kursunu bitirenler arasında kendi "
        "terzi dükkânını açanlar da oldu.",
        "Twenty sewing machines and one great cutting table. Some of those who finished the garment "
        "course here have opened tailor’s shops of their own.",
    ),
    "yenimahalle": (
        "Yenimahalle Kurs Merkezi",
        "Yenimahalle",
        "Fırın Sokak No: 16",
        "+902620000107",
        "Hafta içi 09.00-21.30",
        "Rampa, geniş kapılar, engelli tuvaleti.",
        {"Uygulama mutfağı": 14, "Derslik 1": 20},
        "Uygulama mutfağının kokusu sokağa taşar. Üst katta kırkyama grubu çalışır; molalarda iki "
        "kat birbirine tabak gönderir.",
        "The smell of the training kitchen reaches the street. Upstairs the patchwork group is at "
        "work, and in the breaks the two floors send each other plates.",
    ),
    "alikahya": (
        "Alikahya Kurs Merkezi",
        "Alikahya Merkez",
        "İstasyon Caddesi No: 30",
        "+902620000108",
        "Hafta içi 08.30-17.30, cumartesi 09.30-13.30",
        "Bütün atölyeler giriş katında. Otopark bina önünde.",
        {"Çini atölyesi": 20, "Derslik 1": 22},
        "Fabrika vardiyaları düşünülerek kurulan saatleriyle, merkezin kapısı sabah erken açılır. "
        "Çini atölyesinin rafları bisküvi pişiriminden çıkmış parçalarla doludur.",
        "Its hours follow the shifts of the factories nearby, so the door opens early. The shelves "
        "of the tile workshop are full of pieces fresh from the biscuit firing.",
    ),
}

# Holidays on the same days each year (law 2429): (name, month, day, last day, part of the day)
FIXED_HOLIDAYS = [
    ("Yılbaşı", 1, 1, 1, "whole"),
    ("Ulusal Egemenlik ve Çocuk Bayramı", 4, 23, 23, "whole"),
    ("Emek ve Dayanışma Günü", 5, 1, 1, "whole"),
    ("Atatürk’ü Anma, Gençlik ve Spor Bayramı", 5, 19, 19, "whole"),
    ("Demokrasi ve Milli Birlik Günü", 7, 15, 15, "whole"),
    ("Zafer Bayramı", 8, 30, 30, "whole"),
    ("Cumhuriyet Bayramı arifesi", 10, 28, 28, "afternoon"),
    ("Cumhuriyet Bayramı", 10, 29, 29, "whole"),
]

# First days of the two religious feasts, of three and four days, each with an afternoon before,
# after the calendar of the Presidency of Religious Affairs; later years are for staff to enter.
FEASTS = {
    "Ramazan Bayramı": (
        3,
        [
            date(2023, 4, 21),
            date(2024, 4, 10),
            date(2025, 3, 30),
            date(2026, 3, 20),
            date(2027, 3, 9),
            date(2028, 2, 26),
        ],
    ),
    "Kurban Bayramı": (
        4,
        [
            date(2023, 6, 28),
            date(2024, 6, 16),
            date(2025, 6, 6),
            date(2026, 5, 27),
            date(2027, 5, 16),
            date(2028, 5, 5),
        ],
    ),
}
