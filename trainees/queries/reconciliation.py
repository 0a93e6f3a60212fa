"""Which lists of e-Yaygın there are, and what its words mean."""

from izmek.sheets.columns import key
from trainees.enums import EnrolmentState

FACTS = ("total_hours", "absent_hours", "attended_hours", "result")

# What lists say of how it ended → the states of a seat that say the same.
WORDS = {
    (EnrolmentState.COMPLETED,): (
        "başarılı", "başardı", "geçti", "belge", "belge aldı", "belge almaya hak kazandı", "belgeli",
        "bitirdi", "kurs bitirme belgesi", "kurs bitirme belgesi aldı", "katılım belgesi",
        "katılım belgesi aldı", "mezun", "sertifika", "sertifika aldı", "sertifikalı", "tamamladı",
    ),
    (EnrolmentState.TRANSCRIPT,): (
        "transkript", "transkript aldı", "modül belgesi", "kısmen başarılı", "bazı modüller",
    ),
    (EnrolmentState.FAILED,): (
        "başarısız", "kaldı", "belge alamadı", "sınavda başarısız", "sınava girmedi",
    ),
    (EnrolmentState.ABSENT,): (
        "devamsız", "devamsızlık", "devamsızlıktan kaldı", "devamsızlıktan başarısız",
        "başarısız (devamsız)",
    ),
    (EnrolmentState.ENROLLED,): (
        "devam ediyor", "devam", "devamlı", "kayıtlı", "kesin kayıt", "aktif", "kursiyer",
    ),
    EnrolmentState.left(): (
        "ayrıldı", "kurstan ayrıldı", "kaydı silindi", "silindi", "kayıt silme", "nakil", "vazgeçti",
        "iptal", "kurs iptal", "pasif",
    ),
}  # fmt: skip
RESULTS = {key(word): states for states, words in WORDS.items() for word in words}
