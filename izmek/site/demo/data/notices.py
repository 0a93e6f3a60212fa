"""The texts that people are shown, version 1 (DOMAIN.md §5): {kind: (Turkish, English)}.

Samples: a municipality puts its own in their place before it works with real people.
"""

_RIGHTS = (
    "Haklarınız. Kanunun 11. maddesine göre verilerinizin işlenip işlenmediğini öğrenebilir, bir "
    "kopyasını, düzeltilmesini veya silinmesini isteyebilir, işlemeye itiraz edebilirsiniz. Kurs "
    "merkezine yazılı olarak ya da sitedeki “kişisel veri” başvurusuyla ulaşın; en geç otuz gün "
    "içinde yanıt verilir.",
    "Your rights. Under article 11 of the law you may ask whether data about you are processed, and "
    "ask for a copy, for correction or for erasure, and you may object. Write to the course centre "
    "or use the request about personal data on this site; you will have an answer within thirty "
    "days.",
)
_CONTROLLER = (
    "Veri sorumlusu İzmit Belediyesidir (6698 sayılı Kişisel Verilerin Korunması Kanunu, madde 10). "
    "Bu metin tanıtım sürümünün örneğidir.",
    "The controller is İzmit Municipality (law 6698 on the protection of personal data, article 10). "
    "This text is a sample of the demonstration.",
)

NOTICES = {
    "registration": (
        f"{_CONTROLLER[0]}\n\n"
        "Ne alıyoruz, neden? Kesin kayıtta kimliğiniz, doğum tarihiniz, iletişim bilginiz, mahalleniz "
        "ve öğrenim durumunuz; kurs boyunca yoklama ve notlarınız kaydedilir. Bunlar kursu yürütmek, "
        "sonucu belgelemek ve Halk Eğitimi Merkezine bildirmek için gereklidir.\n\n"
        "Dayanağı. Belediyenin kanunla verilen görevini yerine getirmesi ve hukuki yükümlülüğüdür "
        "(madde 5/2). Bu nedenle kayıt için ayrıca rızanız istenmez.\n\n"
        "Kime aktarılır? Kurs kayıtları, ortak protokol gereği İzmit Halk Eğitimi Merkezi Müdürlüğüne "
        "iletilir. Başka bir yere gönderilmez; veriler belediyenin kendi sunucularında durur.\n\n"
        "Ne kadar saklanır? Kayıt ve sonuçlar on yıl, iletişim bilgileri son kurstan sonra iki yıl.\n\n"
        f"{_RIGHTS[0]}",
        f"{_CONTROLLER[1]}\n\n"
        "What we take, and why. At registration your identity, date of birth, contact details, "
        "neighbourhood and education; during the course your attendance and marks. They are needed "
        "to run the course, to document its result and to report it to the Public Education Centre."
        "\n\n"
        "On what ground. The municipality carries out a duty given by law and meets a legal "
        "obligation (article 5/2). Registration therefore asks for no consent.\n\n"
        "Who receives them. Course records go to the İzmit Directorate of the Public Education Centre "
        "under the joint protocol, and nowhere else; the data stay on the municipality’s own "
        "servers.\n\n"
        "For how long. Registrations and results ten years, contact details two years after your "
        f"last course.\n\n{_RIGHTS[1]}",
    ),
    "application": (
        f"{_CONTROLLER[0]}\n\n"
        "Ön kayıtta yalnız adınız, doğum yılınız, telefonunuz ve isterseniz e-posta adresiniz alınır. "
        "Kimlik numarası sorulmaz. Bilgileriniz sıranızı belirlemek ve yer açıldığında size haber "
        "vermek için kullanılır; kursa kaydolmazsanız dönem bitiminden bir yıl sonra silinir.\n\n"
        f"{_RIGHTS[0]}",
        f"{_CONTROLLER[1]}\n\n"
        "An application takes only your name, year of birth, telephone and, if you wish, an e-mail "
        "address. No identity number is asked for. The data decide your place in the queue and let us "
        "tell you when a seat is free; if you do not take one, they are deleted one year after the "
        f"term.\n\n{_RIGHTS[1]}",
    ),
    "enquiry": (
        f"{_CONTROLLER[0]}\n\n"
        "Yazdığınız soru ve iletişim bilginiz, yalnız size yanıt verebilmek için ilgili kurs merkezine "
        "iletilir. Eseri yapanın telefonu paylaşılmaz, sizin telefonunuz da ona izniniz olmadan "
        "verilmez. Yazışma iki yıl sonra silinir.\n\n"
        f"{_RIGHTS[0]}",
        f"{_CONTROLLER[1]}\n\n"
        "Your question and your contact details go to the course centre concerned, only so that you "
        "can be answered. The maker’s telephone is not passed on, nor is yours to the maker unless "
        f"you allow it. The correspondence is deleted after two years.\n\n{_RIGHTS[1]}",
    ),
    "note": (
        f"{_CONTROLLER[0]}\n\n"
        "Yazdığınız satır ve verirseniz adınız, sergi sorumlusu okuduktan sonra bu sergiyle birlikte "
        "sitede yayımlanır. İletişim bilginiz sorulmaz. Kaldırılmasını istediğinizde kaldırılır.\n\n"
        f"{_RIGHTS[0]}",
        f"{_CONTROLLER[1]}\n\n"
        "Your line, and your name if you give one, are published on this site with the exhibition once "
        "the curator has read them. You are not asked how to reach you. They are removed when you ask "
        f"for it.\n\n{_RIGHTS[1]}",
    ),
    "consent": (
        "Aşağıdaki dört soru birbirinden bağımsızdır; hiçbirine evet demek zorunda değilsiniz ve "
        "yanıtınız kursunuzu etkilemez. Dilediğiniz gün vazgeçebilirsiniz: merkeze söylemeniz yeter, "
        "adınız ya da fotoğrafınız bütün sayfalardan hemen kalkar. On sekiz yaşından küçükler için "
        "veli veya vasi yanıt verir; on sekizinde bu yanıtlar geçersiz olur ve kendisine yeniden "
        "sorulur.\n\n"
        "1. Adım, sergideki eserimin künyesinde yazılsın.\n"
        "2. Adım, eserimin internet sayfasında yazılsın.\n"
        "3. Tanınabildiğim fotoğraflar yayımlansın.\n"
        "4. Yeni kurslar SMS veya e-posta ile bana bildirilsin.",
        "The four questions below are independent of each other; you need not say yes to any of them, "
        "and your answer does not touch your course. You may change your mind on any day: tell the "
        "centre, and your name or photo leaves every page at once. For those under eighteen a parent "
        "or guardian answers; at eighteen those answers lapse and they are asked themselves.\n\n"
        "1. My name may stand on the label of my work in the exhibition.\n"
        "2. My name may stand on the web page of my work.\n"
        "3. Photos on which I can be recognised may be published.\n"
        "4. I may be told of new courses by SMS or e-mail.",
    ),
}
