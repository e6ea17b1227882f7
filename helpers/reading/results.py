"""The lexicon, first part: endpoints and outcomes, in English and Chinese.

Of two entries that begin at the same place of a text the earlier one is taken, so the longer name stands first.
"""

from __future__ import annotations

from helpers.reading.terms import Term

_MRD = "(?:MRD|(?:minimal|measurable) residual disease)"
_MRD_SHORT = r"(?:MRD|(?:minimal|measurable) residual disease(?: \(MRD\))?)"
_MRD_CHINESE = r"(?:微小|可测量|微量)残留病(?:\(MRD\))?"
_CR = r"complete (?:remissions?|responses?)(?: \(CR\))?"
_CELLS = "(?:blood |h[a]?emato(?:logic(?:al)?|poietic) |count |platelet ){0,3}"
_SEEN = "(?:complete|histologic(?:al)?|morphologic(?:al)?|cytologic(?:al)?|h[a]?ematologic(?:al)?)"
_GVHD = r"(?:graft[- ](?:versus|vs\.?|v)[- ]host[- ]disease|GV?HD)"

# fmt: off
RESULTS = (
    Term(
        "ENDPOINT", "GRFS",
        words=(
            rf"{_GVHD}[- ]free,?(?: and| /)? ?relapse[- ]?free[- ](?:survival|probability)",
        ),
        marks=("GRFS",),
    ),
    Term(
        "ENDPOINT", "DOR",
        words=(
            "duration of (?:the )?(?:overall |complete |clinical )?(?:responses?|remissions?)",
            "(?:response|remission|CR) duration", r"complete (?:response|remission)(?: \(CR\))? duration",
        ),
        marks=("D[oO]R",),
        chinese=("(?:持续)?缓解(?:持续)?时间", "缓解持续期"),
    ),
    Term(
        "ENDPOINT", "EFS",
        words=("event[- ]?free[- ](?:survival|probability)",),
        marks=("p?EFS",),
        chinese=("无事件生存",),
    ),
    Term(
        "ENDPOINT", "PFS",
        words=("progression[- ]?free[- ](?:survival|probability)",),
        marks=("p?PFS",),
        chinese=("无进展生存",),
    ),
    Term(
        "ENDPOINT", "RFS",
        words=("(?:relapse|recurrence)[- ]?free[- ](?:survival|probability)",),
        marks=("p?RFS",),
        chinese=("无复发生存",),
    ),
    Term(
        "ENDPOINT", "LFS",
        words=("leuk(?:a)?emia[- ]?free[- ](?:survival|probability)",),
        marks=("p?LFS",),
        chinese=("无白血病生存",),
    ),
    Term(
        "ENDPOINT", "DFS",
        words=("disease[- ]?free[- ](?:survival|probability)",),
        marks=("p?DFS",),
        chinese=("无病生存",),
    ),
    Term(
        "ENDPOINT", "FFS",
        words=("(?:treatment[- ])?failure[- ]?free[- ](?:survival|probability)",),
        marks=("FFS",),
    ),
    Term(
        "ENDPOINT", "DSS",
        words=("(?:disease|cancer|lymphoma|leuk(?:a)?emia)[- ]specific survival",),
        marks=("DSS",),
    ),
    Term("ENDPOINT", "OS", words=("overall survival",), marks=("p?OS",), chinese=("总体?生存",)),
    Term(
        "INCIDENCE", "",
        words=(
            "(?:cumulative )?(?:incidences?|rates?|probabilit(?:y|ies)|risk) of "
            "(?:relapse|non[- ]?relapse mortality|recurrence|TRM|NRM)",
            "cumulative incidences?", "(?:non[- ]?relapse|transplant[- ]related) mortality",
            "relapse (?:rates?|incidence)",
        ),
        marks=("CIR", "NRM", "TRM"),
        chinese=("累[积计](?:复发率|发生率|复发)", "复发率", "非复发死亡率?", "移植相关死亡率?"),
    ),
    Term(
        "OUTCOME", "mrd_negative_cr",
        words=(
            rf"{_MRD_SHORT}[- ]?(?:negative|neg)[- ](?:{_CR}|CRs?(?:/CRi)?\b)",
            rf"(?:{_CR}|CR) (?:without|with(?: (?:absence|no evidence) of| no)) (?:any )?(?:detectable )?{_MRD}",
        ),
        chinese=("MRD阴性的?(?:CR|完全缓解)", rf"{_MRD_CHINESE}阴性的?(?:CR|完全缓解)(?:\(CR\))?"),
    ),
    Term(
        "OUTCOME", "mrd_negative",
        words=(
            rf"{_MRD_SHORT}[- ]?(?:was |were )?(?:negativ(?:e|ity)|undetectable)",
            f"(?:undetectable|negative(?: for)?) {_MRD}",
            f"absence of {_MRD}",
        ),
        chinese=(f"(?:MRD|{_MRD_CHINESE})(?:检测)?(?:转为|转|呈|为)?阴性",),
    ),
    Term(
        "MRD", "",
        words=("(?:minimal|measurable) residual disease",),
        marks=("MRD",),
        chinese=("(?:微小|可测量|微量)残留病",),
    ),
    Term(
        "OUTCOME", "cr",
        words=(
            rf"{_SEEN}(?: {_SEEN})? (?:remissions?|responses?|CRs?\b)(?: with incomplete {_CELLS}recovery)?",
            rf"(?:CR(?: or | and |/))?CR with (?:an )?incomplete {_CELLS}recovery(?: \(CRi\))?",
        ),
        marks=("CR(?:(?: or |/|或)CRi|i|s|h)?", "sCR"),
        chinese=("完全缓解",),
    ),
    Term(
        "OUTCOME", "orr_best",
        words=("best (?:overall |objective )?(?:responses?|remissions?|ORR)(?: rates?)?",),
        chinese=("最佳(?:总体?|客观)?缓解率?",),
    ),
    Term(
        "OUTCOME", "orr",
        words=("(?:overall|objective|total) (?:response|remission|ORR)(?: rates?)?",),
        marks=("ORR",),
        chinese=("(?:客观|总体?|总的?)缓解率?", "总有效率"),
    ),
    Term("OUTCOME", "pr", words=("partial (?:remissions?|responses?)",), marks=("PR",), chinese=("部分缓解",)),
    Term(
        "OUTCOME", "no_response",
        words=(
            "non[- ]?(?:remission|respon(?:se|ders?))", "no (?:response|remission)", "did not respond",
            "treatment failure",
        ),
        chinese=("未缓解", "无效", "无反应"),
    ),
    Term(
        "OUTCOME", "ongoing",
        words=(
            "(?:responses?|remissions?) (?:were|was|are|remained) (?:still )?ongoing",
            "ongoing (?:responses?|remissions?)",
            "(?:remained|remain|stayed|still|continued) in (?:remission|CR|complete (?:remission|response))",
        ),
        chinese=("持续缓解", "维持(?:CR|缓解)"),
    ),
    Term(
        "OUTCOME", "crs",
        words=("cytokine[- ]release[- ]syndrome",),
        marks=("s?CRS",),
        chinese=("细胞因子释放综合征",),
    ),
    Term(
        "OUTCOME", "icans",
        words=("immune[- ]effector[- ]cell[- ](?:associated|related)[- ]neurotoxicity(?:[- ]syndrome)?",),
        marks=("ICANS",),
        chinese=("免疫效应细胞相关(?:的)?神经毒性(?:综合征)?",),
    ),
    Term(
        "OUTCOME", "neurotoxicity",
        words=(
            "neurologic(?:al)?[- ](?:adverse[- ])?(?:events?|toxicit(?:y|ies)|complications?)",
            "neurotoxicit(?:y|ies)", "neuropsychiatric events?",
            "CAR[- ]?T[- ](?:cell[- ])?(?:related|associated)[- ]encephalopathy(?:[- ]syndrome)?",
        ),
        marks=("CRES",),
        chinese=("神经(?:系统)?(?:毒性|(?:不良)?事件)", "(?:CAR-?T细胞)?相关(?:性)?脑病(?:综合征)?"),
    ),
    Term(
        "OUTCOME", "agvhd",
        words=(f"acute {_GVHD}",),
        marks=("aGV?HD",),
        chinese=("急性移植物抗宿主病", "急性GVHD"),
    ),
    Term(
        "OUTCOME", "cgvhd",
        words=(f"chronic {_GVHD}",),
        marks=("cGV?HD",),
        chinese=("慢性移植物抗宿主病", "慢性GVHD"),
    ),
    Term(
        "OUTCOME", "gvhd",
        words=(_GVHD,),
        marks=("G[Vv]HD",),
        chinese=("移植物抗宿主病",),
    ),
    Term(
        "OUTCOME", "hlh",
        words=("h[a]?emophagocytic lymphohistiocytosis", "macrophage activation syndrome"),
        marks=("HLH", "MAS"),
        chinese=("噬血细胞(?:性淋巴组织细胞增多症|综合征)",),
    ),
    Term("OUTCOME", "tls", words=("tumou?r lysis syndrome",), marks=("TLS",), chinese=("肿瘤溶解综合征",)),
    Term(
        "OUTCOME", "treatment_death",
        words=("(?:procedure|treatment|therapy|CAR[- ]?T)[- ]related (?:mortality|deaths?)", "toxic deaths?"),
        chinese=("治疗相关死亡",),
    ),
    Term("OUTCOME", "infection", words=("infections?",), chinese=("感染",)),
    Term("OUTCOME", "neutropenia", words=("neutropeni[ac]",), chinese=("(?:中性)?粒细胞(?:减少|缺乏)症?",)),
    Term("OUTCOME", "thrombocytopenia", words=("thrombocytopeni[ac]",), chinese=("血小板减少",)),
    Term("OUTCOME", "anaemia", words=("an[a]?emia",), chinese=("贫血",)),
    Term("OUTCOME", "cytopenia", words=("(?:pan)?cytopenias?",), chinese=("(?:全)?血细胞减少",)),
    Term("OUTCOME", "death", words=("deaths?", "died", "mortality"), chinese=("死亡",)),
    Term(
        "OUTCOME", "relapse",
        words=(
            "relapsed(?! (?:or|after|and/or|following|post|from|/|b-|b |acute|all|disease|leuk|following))",
            "relapses?(?! (?:or|after|of|following|post|from))",
            "(?:CD19|CD22)[- ](?:negative|positive) (?:relapses?|recurrences?)", "recurrences?",
        ),
        chinese=("(?<!后)复发(?!率|(?:或|/|、)?难治|的|性|后|急性|B)",),
    ),
)
