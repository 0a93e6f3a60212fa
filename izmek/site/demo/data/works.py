"""Titles and texts of the works. They speak of the making, not of what a drawing shows.

For each craft in order of use: (title, title_en, text, text_en). A work beyond the list has
the title that its drawing gives itself and no text.
"""

WORKS = {
    "kilim-dokuma": [
        (
            "Harman Sonu",
            "After the Harvest",
            "Akmeşe’de harmanın bittiği akşamlardan kalan renkler aranarak dokundu. Yünün bir kısmı "
            "kursun bahçesinde, büyük kazanda doğal boyalarla kaynatıldı.",
            "Woven in search of the colours of Akmeşe on evenings when the harvest is in. Part of the "
            "wool was dyed with plants in the big kettle in the garden of the centre.",
        ),
        (
            "Anneme Söz",
            "A Promise to My Mother",
            "Annesinin yarım bıraktığı kilimi bitirmek için kursa yazıldı, tezgâha ilk kez burada "
            "oturdu. Aynı sıklığı tutturana kadar üç kez söküp yeniden başladı.",
            "She joined the course to finish a kilim that her mother had left half done, and sat at a "
            "loom for the first time here. It was undone three times before the weave was as tight "
            "as the old one.",
        ),
        (
            "Kırk Gün, Kırk Sıra",
            "Forty Days, Forty Rows",
            "Günde bir karışı geçmeyen, acelesiz bir dokuma. Son hafta tezgâhtan alkışla indirildi.",
            "An unhurried weave that never grew by more than a span a day. In the last week it was "
            "cut down from the loom to applause.",
        ),
        (
            "İki Kız Kardeş",
            "Two Sisters",
            "Aynı tezgâhın iki ucunda dokundu. Ortada buluştuklarında hangi sıranın kime ait olduğunu "
            "ikisi de hatırlamıyordu.",
            "Woven from both ends of one loom. When they met in the middle, neither remembered whose "
            "row was whose.",
        ),
        ("Ocak Başı", "By the Hearth", "", ""),
        (
            "Misafir Odası",
            "The Guest Room",
            "Yalnız misafir gelince açılan odalar içindi böyle kilimler. Bu kez herkes görsün diye "
            "dokundu.",
            "Kilims like this one were for the room that was opened only when guests came. This time "
            "it was woven for everyone to see.",
        ),
        (
            "İlk Tezgâh",
            "First Loom",
            "Kursa eylülde başlayan bir grubun birlikte kurduğu ilk çözgüden çıktı. Birkaç yanlış "
            "sıra bilerek bırakıldı.",
            "It came off the first warp that the group dressed together. A few wrong rows were left "
            "in on purpose.",
        ),
        ("Sabırla", "With Patience", "", ""),
        (
            "Yayla Yolu",
            "The Road to the Uplands",
            "Kartepe’ye çıkan yolun dönemeçleri sayılarak planlandı; her dönemeç bir sıra motif oldu.",
            "Planned by counting the bends of the road up to Kartepe; each bend became a row of "
            "motifs.",
        ),
    ],
    "igne-oyasi": [
        (
            "Çeyiz Sandığı",
            "The Trousseau Chest",
            "Sandıktan çıkan eski bir örnek çözülerek öğrenildi, sonra yeniden kuruldu. Bir çiçeği "
            "bitirmek ilk hafta iki gün, son hafta yirmi dakika sürdü.",
            "An old sample from a trousseau chest was studied knot by knot and built again. In the "
            "first week a flower took two days, in the last week twenty minutes.",
        ),
        (
            "Bayram Sabahı",
            "Feast-Day Morning",
            "Bayram namazından dönenleri kapıda karşılayan kadınların yazmaları düşünülerek yapıldı.",
            "Made with the headscarves in mind of the women who stand at the door on the morning of "
            "the feast.",
        ),
        ("Saklı Bahçe", "Hidden Garden", "", ""),
        (
            "Söylenmeyen",
            "Left Unsaid",
            "Eskiden gelinler diyemediğini oyasıyla anlatırmış: kimi küslük, kimi sevinç. Bu kenarın "
            "ne dediğini yapan bilir.",
            "Brides once said with their edging what they could not say aloud: a quarrel here, a joy "
            "there. What this one says is known to its maker.",
        ),
        (
            "Nazlı",
            "Coy",
            "İplik o kadar ince seçildi ki dersin yarısı gün ışığını beklemekle geçti.",
            "The thread is so fine that half of each lesson was spent waiting for daylight.",
        ),
        ("Kuş Dili", "Language of Birds", "", ""),
        (
            "Hıdrellez",
            "Hıdrellez",
            "Altı mayısta gül ağacının altına bırakılan dilekler kadar küçük düğümlerle örüldü.",
            "Knotted as small as the wishes that are left under a rose tree on the sixth of May.",
        ),
        (
            "Komşu Kapısı",
            "The Neighbour’s Door",
            "Motifi komşusu çizdi, rengi kızı seçti, düğümleri kendisi attı. Sergiye üçü birlikte "
            "geldi.",
            "Her neighbour drew the motif, her daughter chose the colours, she tied the knots "
            "herself. They came to the exhibition together.",
        ),
        (
            "Babaannemin Tülbendi",
            "My Grandmother’s Headscarf",
            "Altmış yıllık tülbent yıkandı, kolalandı ve kenarı ilk kez bu kursta doldu.",
            "The muslin is sixty years old; it was washed and starched, and has its edging since this "
            "course.",
        ),
        ("Akşam Serinliği", "Evening Cool", "", ""),
        (
            "Yaza Hazırlık",
            "Getting Ready for Summer",
            "Kışın, soba başında başlandı; bittiğinde kiraz ağaçları çiçek açmıştı.",
            "Begun beside the stove in winter; by the time it was done the cherries were in blossom.",
        ),
        ("Dokuz Düğüm", "Nine Knots", "", ""),
        (
            "Pencere Önü",
            "At the Window",
            "Bekirdere yokuşuna bakan pencerenin önünde, hep aynı sandalyede yapıldı.",
            "Made in front of the window over the Bekirdere hill, always on the same chair.",
        ),
        ("Söz Kesildi", "Promised", "", ""),
        (
            "Kıyı",
            "The Edge",
            "Oya, kumaşın bittiği yerde başlar. Adını da oradan aldı.",
            "Lace begins where the cloth ends; the title comes from there.",
        ),
    ],
    "kirkyama": [
        (
            "Artan Kumaşlar Meclisi",
            "A Council of Scraps",
            "On iki kursiyerin evinden gelen artık parçalar bir masaya döküldü; kimse kendi kumaşını "
            "seçmedi.",
            "Left-over pieces from twelve homes were poured onto one table, and nobody was allowed to "
            "choose her own.",
        ),
        (
            "Pazartesi, Çarşamba",
            "Mondays and Wednesdays",
            "Kursun iki gününde birer blok dikildi. Pazartesi blokları hep daha düzgün, çarşambalar "
            "daha neşeli çıktı.",
            "One block was sewn on each of the two course days. The Monday blocks came out neater, the "
            "Wednesday ones merrier.",
        ),
        (
            "Eski Perdelere Veda",
            "Farewell to the Old Curtains",
            "Taşınan bir evin perdeleri atılmadı; kesildi, döndürüldü ve yeniden bir pencere gibi "
            "kuruldu.",
            "The curtains of a house that was moved out of were not thrown away: they were cut, "
            "turned and put together again like a window.",
        ),
        ("Dört Mevsim", "Four Seasons", "", ""),
        (
            "Torunlar İçin",
            "For the Grandchildren",
            "Her torun için bir parça kondu; yedinci torun dikiş bitmeden doğdu, kenara onun için de "
            "yer açıldı.",
            "There is a piece for each grandchild. The seventh was born before the sewing was done, "
            "and room was made at the edge.",
        ),
        (
            "Mahallenin Damları",
            "Roofs of the Neighbourhood",
            "Yenimahalle’nin üst kat penceresinden görünen çatılar ölçü alındı; eğri olanlar eğri "
            "bırakıldı.",
            "The roofs that one sees from the upper window in Yenimahalle set the measures; those "
            "that are crooked stayed crooked.",
        ),
        ("Sil Baştan", "Starting Over", "", ""),
    ],
    "kece": [
        (
            "Sabun ve Sıcak Su",
            "Soap and Hot Water",
            "Bütün reçete adında: yün, sabun, sıcak su ve iki saat boyunca sırayla yuvarlayan dört "
            "çift kol.",
            "The recipe is in the title: wool, soap, hot water, and four pairs of arms that took "
            "turns rolling for two hours.",
        ),
        (
            "Pişmaniye",
            "Pişmaniye",
            "Tarakta çekilen yün, İzmit’in tel tel açılan tatlısına benzedi; adı o gün kondu.",
            "Drawn out on the carder the wool looked like İzmit’s sweet that is pulled into threads; "
            "it got its name that day.",
        ),
        (
            "Yünün Hafızası",
            "What Wool Remembers",
            "Ambarcı’da kırkılan yün, yıkandığı derenin kokusunu kurusa da bırakmadı.",
            "The wool was shorn in Ambarcı and has kept the smell of the brook it was washed in.",
        ),
        ("Kar Sessizliği", "Snow Quiet", "", ""),
        (
            "Yuvarlana Yuvarlana",
            "Rolled and Rolled",
            "Hasırın içinde kaç tur döndüğünü saymaya çalıştılar, sekiz yüzde vazgeçtiler.",
            "They tried to count how often it turned in its mat and gave up at eight hundred.",
        ),
        (
            "Bir Koyun, Bir Hafta",
            "One Sheep, One Week",
            "Tek bir koyunun yünü, bir haftalık emek. Boyanmayan yerler o koyunun kendi rengi.",
            "The fleece of one sheep and the work of one week. Where nothing was dyed you see the "
            "sheep’s own colour.",
        ),
        ("İlk Kırkım", "First Shearing", "", ""),
    ],
    "ahsap-boyama": [
        (
            "İkinci Hayat",
            "A Second Life",
            "Bir marangozun sobaya ayırdığı tahtalardan kurtarıldı. Üç kat astar, sayısız zımpara ve "
            "iki kış akşamı istedi.",
            "Saved from the boards that a joiner had put aside for his stove. It took three coats of "
            "primer, sandpaper beyond counting and two winter evenings.",
        ),
        (
            "Kat Kat",
            "Coat upon Coat",
            "Her katın kurumasını beklemek kursun en zor konusuydu. Bu işte dokuz kat var.",
            "Waiting for each coat to dry was the hardest lesson of the course. There are nine here.",
        ),
        ("Kahve Molası", "Coffee Break", "", ""),
        (
            "Bahçe Kapısı",
            "Garden Gate",
            "Çocukluğunun geçtiği evden geriye yalnız bahçe kapısının süsleri aklında kalmış; onları "
            "boyadı.",
            "Of the house she grew up in she remembers the ornaments of the garden gate; she painted "
            "those.",
        ),
        (
            "İnce Fırça",
            "Fine Brush",
            "Gözlüksüz boyanan ilk ve son parça, diyor sahibi.",
            "The first and the last piece painted without glasses, says its owner.",
        ),
        ("Mutfak Duvarı", "Kitchen Wall", "", ""),
        (
            "Teneffüs",
            "Break Time",
            "Ambarcı’daki eski okulun derslikleri şimdi boya kokuyor. Zil çalmıyor ama çay saatinde "
            "herkes bahçeye çıkıyor.",
            "The rooms of the old school in Ambarcı smell of paint now. No bell rings, yet at tea "
            "time everyone goes out into the yard.",
        ),
    ],
    "ebru": [
        (
            "Körfezde Lodos",
            "South-Westerly on the Gulf",
            "Lodos estiği gün tekneye fazla üflendi, boya da körfez gibi kabardı. Hoca silmedi, "
            "“kalsın” dedi.",
            "On a day of south-westerly wind the trough was blown on too hard and the colours swelled "
            "like the gulf. The teacher did not wipe it away: leave it, she said.",
        ),
        (
            "SEKA’ya Selam",
            "Greetings to SEKA",
            "İzmit kâğıt yapmayı iyi bilirdi. Bu ebru, fabrikada çalışmış bir babanın çekmecesinde "
            "kalan kâğıda alındı.",
            "İzmit knew how to make paper. This one was taken up on a sheet that a father who had "
            "worked at the mill kept in his drawer.",
        ),
        ("Su Ne Derse", "Whatever the Water Says", "", ""),
        (
            "Tekne Başında",
            "At the Trough",
            "Bir derste yirmi tekne açıldı; on dokuzu ders oldu, biri sergiye kaldı.",
            "Twenty troughs were opened in one lesson; nineteen were practice, one stayed for the "
            "exhibition.",
        ),
        ("Nefes", "Breath", "", ""),
        (
            "Bir Damla Öd",
            "A Drop of Ox Gall",
            "Boyayı açan, öd suyunun tek damlasıdır. Fazlası her şeyi dağıtır; bu kâğıt ölçünün "
            "tuttuğu günden.",
            "It is a single drop of gall that makes the colour spread. One too many scatters it all; "
            "this sheet is from a day when the measure was right.",
        ),
        (
            "Dinlenmiş Su",
            "Rested Water",
            "Kitre bir gece bekletildi. Sabah teknenin yüzü cam gibiydi.",
            "The size had stood overnight. In the morning the surface of the trough was like glass.",
        ),
        ("Tekrarı Yok", "There Is No Second One", "", ""),
    ],
    "cini": [
        (
            "Sırlı Sabır",
            "Patience, Glazed",
            "Tahrir çekerken nefes tutulur. Bu parçanın konturu üç derste, tek fırçayla tamamlandı.",
            "One holds one’s breath while drawing the outline. For this piece it took three lessons "
            "and one brush.",
        ),
        (
            "İznik’e Komşu",
            "Neighbour of İznik",
            "Körfezden İznik bir dağ ötede. Desen oradan, hamur Kütahya’dan, el Ortaburun’dan.",
            "From the gulf, İznik is one mountain away. The pattern is from there, the clay from "
            "Kütahya, the hand from Ortaburun.",
        ),
        (
            "Fırından Çıkınca",
            "Out of the Kiln",
            "Fırın kapağı açılana kadar kimse rengini bilmiyordu. Boyarken gri görünen yerler ateşte "
            "kendine geldi.",
            "Nobody knew its colours until the kiln was opened. What had looked grey under the brush "
            "came to itself in the fire.",
        ),
        ("Saraybahçe", "Saraybahçe", "", ""),
        (
            "Tahrir",
            "Outline",
            "Bir çiniyi ayakta tutan ince siyah çizgidir. Kursiyer bir ay boyunca yalnız çizgi "
            "çalıştı, sonra buna başladı.",
            "It is the fine black line that holds a tile together. For a month she practised nothing "
            "but lines, then she began this.",
        ),
        (
            "Üç Pişirim",
            "Three Firings",
            "Bisküvi, sır, bir de küçük bir kaza yüzünden üçüncü kez. İzi hâlâ arkasında duruyor.",
            "Biscuit, glaze, and a third time because of a small mishap, whose mark is still on the "
            "back.",
        ),
        ("Su Kenarı", "Waterside", "", ""),
        (
            "Eski Çeşme",
            "The Old Fountain",
            "Mahallenin artık akmayan çeşmesinden alınan ölçülerle kuruldu.",
            "Set out with measures taken from the neighbourhood’s fountain, which has run dry.",
        ),
    ],
    "filografi": [
        (
            "Bin Bir Çivi",
            "A Thousand and One Nails",
            "Çiviler tek tek sayıldı: gerçekten bin bir. Son çiviyi sınıf arkadaşları çaktı.",
            "The nails were counted one by one, and there are a thousand and one indeed. The class "
            "drove in the last of them.",
        ),
        (
            "Tek İplik",
            "A Single Thread",
            "Baştan sona kopmadan dolaşan tek bir iplik. Bitişi başlangıcının yanında.",
            "A single thread that travels without a break from beginning to end. It ends beside where "
            "it began.",
        ),
        ("Yakamoz", "Sea Glow", "", ""),
        (
            "Pergel Sesi",
            "The Sound of Compasses",
            "Matematik dersini sevmezdi. Kâğıdı böle böle açıyı, sara sara eğriyi öğrendi.",
            "She never liked mathematics at school. Dividing paper taught her the angle, winding "
            "thread taught her the curve.",
        ),
        (
            "Ara Vermeden",
            "Without a Break",
            "Gerginlik değişmesin diye sarımın son bölümü bir oturuşta bitirildi.",
            "So that the tension would not change, the last part was wound at one sitting.",
        ),
    ],
    "kanavice": [
        (
            "Dört Ev Arasında",
            "Between Four Houses",
            "Kasnak dört evi sırayla dolaştı; her ev bir köşesini saydı, doldurdu, sonrakine yolladı.",
            "The hoop went around four houses; each counted and filled its corner and sent it on.",
        ),
        ("Sayarak", "By Counting", "", ""),
    ],
    "vitray": [
        (
            "Öğleden Sonra",
            "Afternoon",
            "Atölyenin batı penceresi için tasarlandı; en güzel hâlini saat üçten sonra alıyor.",
            "Designed for the west window of the workshop; it is at its best after three o’clock.",
        ),
        ("Kurşun Çizgi", "Lead Line", "", ""),
    ],
}

# What a class calls itself on the label of a piece that it made together, after its neighbourhood.
GROUPS = {
    "kilim-dokuma": "Kilim Sınıfı",
    "igne-oyasi": "Oya Grubu",
    "kirkyama": "Kırkyama Sınıfı",
    "kece": "Keçe Grubu",
    "ahsap-boyama": "Ahşap Boyama Sınıfı",
    "ebru": "Ebru Grubu",
    "cini": "Çini Atölyesi",
    "filografi": "Filografi Sınıfı",
    "kanavice": "Kanaviçe Komşuları",
    "vitray": "Cam Atölyesi",
}
