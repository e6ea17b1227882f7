"""The lexicon, second part: what a number measures if it is no result, and the grammar of a result."""

from __future__ import annotations

from helpers.reading.terms import Term

# fmt: off
PHRASES = (
    Term("MEDIAN", "", words=("medians?",), chinese=("中位(?:数|值)?",)),
    Term("MEAN", "", words=("means?", "average"), chinese=("平均(?:数|值)?",)),
    Term(
        "FOLLOW", "",
        words=(
            "follow(?:ed)?[- ]?up(?: (?:time|duration|period))?", "f/u", "followed(?= for| over)", "observation time",
        ),
        chinese=("随访(?:时间|期)?",),
    ),
    Term(
        "OTHERTIME", "",
        words=(
            "time (?:to|from|since|between|of)", "times? (?:to)? ?onset", "durations?", "persistence",
            "persisted", "onset", r"intervals?(?! \[)", "lasted", "recovery", "hospitali[sz]ation",
            "vein-to-vein", "lag", "half-life", "peak",
        ),
        chinese=("(?:持续|间隔|起效|发生|达到|出现|输注至|回输至)(?:[^，。；,;0-9]{0,6})时间", "间隔", "持续"),
    ),
    Term("AGE", "", words=("aged?", "ages", "age range"), chinese=("年龄",)),
    Term(
        "DOSE", "",
        words=("doses?", "dosed", "dosages?", "dose level"),
        chinese=("剂量", "输注(?:细胞)?(?:数|量)", "回输(?:细胞)?(?:数|量)"),
    ),
    Term(
        "OTHER", "body or laboratory measure",
        words=(
            "blasts?(?: cells)?", "weight", "blast count", "ferritin", "LDH", "lactate dehydrogenase",
            "viability", "transduction(?: efficiency)?", "copies", "tumou?r burden", "disease burden",
            "ejection fraction", "chimerism", "vector copy number", "area under the curve", "AUC", "score",
            "index",
        ),
        chinese=(
            "体重", "原始细胞(?:比例)?", "转染率", "转导(?:效率|率)", "拷贝数", "肿瘤负荷", "铁蛋白",
            "乳酸脱氢酶", "嵌合",
        ),
    ),
    Term(
        "OTHER", "sex or baseline",
        words=(
            "(?:fe)?males?", "sex", "had (?:previously )?(?:received|undergone|relapsed)", "ha(?:d|ve) prior",
            "previously (?:received|treated)", "extramedullary", "Philadelphia", "haploidentical",
            "refractory", "pretreated", "underwent", "bridged", "bridging", "transplanted", "proceeded",
            "enrolled", "screened", "leukapheresis", "manufactur(?:ed|ing)",
        ),
        chinese=("男性?", "女性?", "髓外", "既往", "接受过", "桥接", "单采", "制备"),
    ),
    Term(
        "HR", "",
        words=(
            "(?:subdistribution )?hazard ratios?", "odds ratios?", "relative risks?", "risk ratios?",
            "rate ratios?",
        ),
        marks=("a?s?S?HRs?(?![a-z])", "aORs?", "RR(?! ?B-)", "OR(?= ?[=:,(0-9]| of [0-9]| was [0-9])"),
        chinese=("风险比", "比值比", "危险比", "相对危险度", "OR值", "HR值"),
    ),
    Term("RANGE", "", words=("(?:full |age )?rang(?:e[sd]?|ing)(?: from)?",), chinese=("范围", "全距")),
    Term(
        "IQR", "",
        words=("inter[- ]?quartile range",),
        marks=("IQR", "Q1[-~]Q3", "Q1, ?Q3"),
        chinese=("四分位(?:数)?(?:间距|范围)?",),
    ),
    Term("RESP", "", words=("respectively",), chinese=("分别",)),
    Term(
        "VS", "",
        words=(r"vs\.?", "versus", "compared (?:with|to)", "as opposed to"),
        marks=(r"v\.",),
        chinese=("比(?!例|值)", "对比"),
    ),
    Term("NR", "NE", words=("not (?:yet )?(?:evaluable|estimable|calculable)",), marks=("NE",)),
    Term(
        "NR", "NR",
        words=("(?:was |were |has |had )?not (?:been |yet been |yet |currently )?(?:reached|attained)",),
        marks=("NR",),
        chinese=("(?:尚|仍|均)?未(?:达到|到达)(?!组|者|CR|缓解)", "(?:尚|仍|均)?未达(?!到|标|组|者|CR)"),
    ),
    Term(
        "NONE", "",
        words=(
            "no(?! (?:differ|signific|further|new|longer|evidence of a|associat|correl|impact|effect|influence))",
            "none", "never", "did not", "nobody", "neither", "zero",
        ),
        chinese=("未", "无(?!事件|进展|复发|病|白血病|效|统计|显著|明显)", "没有"),
    ),
    Term(
        "ALL", "",
        words=("(?-i:[Aa]ll)(?! (?:grades?|cause|of which|other))", "every", "each of the"),
        chinese=("均", "全部", "都"),
    ),
    Term("EACH", "", words=("each",), chinese=("各",)),
    Term(
        "APPROX", "",
        words=(
            "approximately", "about(?= [0-9])", "around(?= [0-9])", "nearly", "almost", "roughly", "more than",
            "less than", "over(?= [0-9])", "at least", "up to", "only about", "estimated at about",
        ),
        chinese=("大?约", "近", "超过", "不足", "至少"),
    ),
    Term(
        "OTHERS", "",
        words=(
            "in the (?:primary|previous|initial|earlier|first|pivotal|original) "
            "(?:analysis|report|publication|study|trial)",
            "previous(?:ly)? (?:reported|published|studies|trials|reports)",
            "earlier (?:reports?|stud(?:y|ies))", "historical(?:ly)?", "has been reported",
            "have (?:been )?reported", "in the literature", "et al", "registry data",
        ),
        chinese=("文献报道", "既往(?:研究|报道)", "历史对照"),
    ),
    Term(
        "GAIN", "",
        words=(
            "achiev(?:ed|ing)", "attain(?:ed|ing)", "obtain(?:ed|ing)", "reached", "develop(?:ed|ing)",
            "experienc(?:ed|ing)", "had", "showed", "suffered", "presented", "entered", "went into", "were in",
            "was in", "became", "remained", "converted",
        ),
        chinese=("获得", "发生", "出现", "达到", "取得", "达", "获"),
    ),
    Term(
        "PATIENT", "",
        words=(
            "(?:evaluable |treated |infused |enrolled |eligible |adult |p[a]?ediatric |consecutive |remaining |other "
            "|of these |[rR]/[rR] ){0,6}(?:patients?|pts?|subjects?|participants?|adults?|child(?:ren)?|individuals?"
            "|persons?|people|cases?|infants?|responders?|women|men)",
        ),
        chinese=("例(?:患者|病例|患儿|受试者)?", "名(?:患者|患儿|受试者|儿童)", "位患者", "患者", "患儿"),
    ),
    Term(
        "WITHIN", "",
        words=(
            "within", "after", "before", "following", "post", "beyond", "during", "until", "since", "past",
            "for at least", "for up to", "over", "through",
        ),
        chinese=("内", "后", "前", "期间"),
    ),
    Term("AT", "", words=("at", "by"), chinese=("时",)),
    Term("OF", "", words=("(?:out )?of(?: (?:the|all|these|those|a total of)){0,3}",)),
    Term(
        "FOR", "",
        words=("(?:for|in|among|amongst|from|with)(?: (?:the|all|these|those|a total of)){0,3}",),
        chinese=("在",),
    ),
    Term("AND", "", words=("and", "or", "&", "as well as"), chinese=("和", "与", "及", "或", "、", "以及")),
    Term("TO", "", words=("to", "through", "until"), chinese=("至", "到")),
    Term("BETWEEN", "", words=("between", "from"), chinese=("从", "自")),
    Term(
        "SURVIVAL", "OS",
        words=("(?:actuarial |estimated )?survival", "alive", "surviv(?:ed|ing|ors?)"),
        chinese=("生存(?:率|期|时间)?", "存活"),
    ),
    Term(
        "RATE", "",
        words=("rates?", "probabilit(?:y|ies)", "proportions?", "estimates?", "incidences?"),
        chinese=("发生率", "率", "期"),
    ),
    Term("SEVERE", "", words=("severe",), chinese=("重度", "严重")),
    Term(
        "COUNTED", "",
        words=(
            "(?:prior |previous |median ){0,3}(?:lines?|cycles?|courses?|infusions?|cent(?:er|re)s?|sites?|hospitals?"
            "|countries|trials?|studies|arms?|groups?|cohorts?|samples?|donors?|fold|times|regimens?|therapies"
            "|treatments?|institutions?|fractions?)",
        ),
        chinese=("个(?:中心|医院|医疗中心|疗程|周期)", "家(?:医院|中心)", "线", "次", "项", "倍", "中心"),
    ),
)
