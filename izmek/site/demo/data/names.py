"""Invented people: names drawn from lists, numbers made so that they belong to nobody."""

_WOMEN = """
Adile Ahsen Aliye Arzu Asiye Aslıhan Asuman Aynur Aysel Aysun Ayşe Ayşegül Ayten Bahar Banu Behiye
Belgin Berna Betül Birgül Burcu Canan Cansu Cemile Cennet Ceren Çiğdem Derya Dilek Döndü Dudu Ebru
Eda Ela Elif Emel Emine Esma Esra Fadime Fatma Fatoş Ferda Feriha Fidan Figen Filiz Firdevs Gizem
Gonca Gülay Gülcan Gülizar Gülşah Gülten Gülümser Günay Hacer Hafize Halime Hamide Handan Hanife
Hasibe Hatice Havva Hayriye Hediye Huriye Hülya Ilgın Işıl İclal İfakat İkbal İlknur İpek Jale
Kadriye Keziban Kıymet Kübra Lütfiye Makbule Mediha Mehtap Melahat Melek Meral Merve Meryem Muazzez
Muhsine Mukaddes Munise Mübeccel Müjde Müşerref Müzeyyen Nazan Nazlı Nebahat Necla Nergis Nermin
Neslihan Nesrin Neşe Nevin Nigar Nilgün Nimet Nurcan Nurten Oya Özge Özlem Pakize Pelin Perihan
Pınar Rabia Rahime Raziye Reyhan Rukiye Saadet Sabriye Safiye Saime Saniye Seda Sedef Seher Selma
Sema Sennur Serap Seval Sevda Sevil Sevim Sıdıka Songül Suna Suzan Sündüz Şaziye Şengül Şennur
Şerife Şeyma Şirin Şule Şükran Tuba Tülay Tülin Türkan Ummahan Ülkü Ümran Vesile Vildan Yasemin
Yeliz Yeşim Yurdagül Zahide Zehra Zeliha Zerrin Zeynep Zinnet Zübeyde Zühal Züleyha
"""

_MEN = """
Adem Ahmet Bekir Bülent Cafer Cemal Davut Ercan Erdal Ferhat Hakan Halil Hasan Hüseyin Işık İbrahim
İlhan İsmail Kazım Kemal Mehmet Metin Murat Mustafa Nevzat Orhan Osman Ömer Ramazan Recep Rıza
Sadık Salih Selim Süleyman Şaban Şükrü Tahsin Turgut Ünal Yaşar Yusuf Zafer Zeki
"""

_SURNAMES = """
Acarbay Adıgüzel Ağaoğlu Akbaba Akçalı Akgündüz Akkuş Aksoylu Alemdağ Algül Alkan Altıntaş Apaydın
Arıcan Arslanbey Aşçıoğlu Ataman Ayaz Aydemir Aygün Bağcı Balcı Baltacı Başaran Baykara Bayraktar
Bektaş Beyazıt Bilgiç Boztepe Bozkurt Candemir Cebeci Coşkun Çağlayan Çakmak Çalışkan Çelebi
Çetinkaya Çevik Çınaroğlu Dağdelen Demirci Demirhan Dereli Dinçer Doğan Durmaz Ekinci Ercan
Erdoğdu Ergün Eroğlu Ersoy Gökalp Gökçe Görgülü Günaydın Güneysu Gürbüz Güven Hacıoğlu Hamamcı
Iğdır Ilgaz İnan Kabakçı Kahraman Kalaycı Kalkan Kaplan Karabulut Karadağ Karagöz Karakaş Karaman
Kayahan Keskin Kırca Koçak Korkmaz Kösem Kuzucu Oğuz Okumuş Onay Oral Öksüz Önder Özbek Özçelik
Özdemir Özkan Öztürk Pekcan Pehlivan Polat Sağlam Sakallı Sarıoğlu Savaş Seçkin Sezer Soylu Sönmez
Şahin Şanlı Şen Şimşek Şirin Tanrıverdi Taşdemir Tekin Temizer Tezcan Topal Toprakçı Tosun Tuna
Turan Tuzcu Türkmen Uçar Uğurlu Uluç Uygun Uysal Ünsal Üstün Vural Yağcı Yalçınkaya Yaman Yavuz
Yazıcı Yeşilyurt Yılmaz Yiğit Yorulmaz Yurttaş Yücel Zorlu
"""

WOMEN, MEN, SURNAMES = _WOMEN.split(), _MEN.split(), _SURNAMES.split()

# Names that a search without Turkish letters must find.
SEARCHED = [
    ("Şirin", "Işık"),
    ("Iraz", "Işık"),
    ("İlkay", "Çığ"),
    ("Gülşah", "Iğdır"),
    ("Âdile", "Şirin"),
]

FOREIGNERS = [  # with a foreigner number or, with a country, a passport
    ("Olena", "Kovalenko", None),
    ("Mariam", "Gelashvili", None),
    ("Aygün", "Əliyeva", None),
    ("Amina", "Haddad", None),
    ("Rania", "Khalil", None),
    ("Gulnora", "Karimova", None),
    ("Svetlana", "Petrova", "RU"),
    ("Ingrid", "Sørensen", "DK"),
]

SUPPORT = [
    "Girişe yakın, tekerlekli sandalyenin sığacağı bir masa",
    "Büyük puntolu ders notu",
    "Tahtayı görebileceği ön sıra",
    "Yazılı anlatım; dudak okuyor",
    "Kolçaklı sandalye ve sık mola",
    "Kalem yerine tuşla işaretleme",
]


def identity_number(index, foreign=False):
    """A number whose check digits are right, 1000000… (99000000… for foreigners) and the index.

    The range is that of the example in every textbook, 10000000146.
    """
    nine = f"{(990000100 if foreign else 100000500) + index}"
    digits = [int(digit) for digit in nine]
    tenth = (sum(digits[0::2]) * 7 - sum(digits[1::2])) % 10
    return f"{nine}{tenth}{(sum(digits) + tenth) % 10}"


def mobile(index):
    """A mobile number that looks invented: 0555 000 xx xx."""
    return f"+90555000{index:04d}"
