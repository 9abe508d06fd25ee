/// The habits of a language: what its syllables begin with, turn on and close with, and how its words end.
///
/// Earlier entries are more frequent. The lists are a rough sketch, enough to tell the languages apart most of the time.
struct LanguageHabits {
    let name: String
    let onsets: [String]
    let vowels: [String]
    let codas: [String]
    let endings: [String]

    private init(_ name: String, onsets: String, vowels: String, codas: String, endings: String) {
        self.name = name
        self.onsets = onsets.split(separator: " ").map(String.init)
        self.vowels = vowels.split(separator: " ").map(String.init)
        self.codas = codas.split(separator: " ").map(String.init)
        self.endings = endings.split(separator: " ").map(String.init)
    }

    /// The languages in the order of their labels.
    static let all = [
        LanguageHabits(
            "English",
            onsets:
                "s c p b th m d f r w st h t l sh tr g n ch pr br wh cl pl gr k sp fr bl j qu str sl y v dr cr wr kn",
            vowels: "e a o i u ea ou oo ee ai ow y oa ay ie igh",
            codas: "n r s t l ck m nt st nd ll ss ng d p ght rd mp x b",
            endings: "ed ing e er s ly y es t tion d le n ght th ment al ness ck st r ous able"),
        LanguageHabits(
            "Spanish",
            onsets: "c p m t d s r l b v g h n ll ch f tr pr j br gr cr fl bl z y",
            vowels: "a e o i u ie ue ia io á é í ó ai", codas: "n r s l d m c rr z ct nt st mb",
            endings: "o a os as ar er ado ando ción mente es en an ó ía aba amos ir é ero oso emos iste"),
        LanguageHabits(
            "Finnish",
            onsets: "k t p s m l h n v j r t k s y", vowels: "a i e u o ä aa ii ai uu ie ei ee uo y ää ö au oi äy",
            codas: "n s l t kk tt ll ss nn pp st ks rt nt lt mm hd ht nk r",
            endings: "a n ssa lla sta ksi aan in t ä mme lle tte nut ssä llä en inen isi va kaan vat een i"),
        LanguageHabits(
            "Dutch",
            onsets: "v g b d h w z s k m l r n st sch t br gr dr kl be ge ver vr kn p sl bl zw ont",
            vowels: "e a o i aa ee oo ij ie oe ui u eu ou uu ei",
            codas: "n r l s t k cht rd nd m gt p st ns rk d g ng ld kt",
            endings: "en t er de te el je ing d ig lijk heid ten end e s st jes elen den ster"),
        LanguageHabits(
            "Polish",
            onsets: "p w s z m d k n b r prz sz cz t g l j c rz ch st dz ż wy po kr tr ł dw zn br sk ś na",
            vowels: "a o e i y ie u ia ą ę ó io", codas: "n r s w d k m cz sz z l j c t rz st ł p b g dz ń ść",
            endings: "a y ać em ie ć ego ych ą ę ny ła li my sz ość ów am ami owi iem eś ał ić cie ki e"),
    ]

    /// Stems that all of these languages have borrowed.
    static let borrowed =
        "radio hotel film opera taxi kilo auto bank bar metro robot sport test tango tenor video panda"
        .split(separator: " ").map(String.init)
}
