"""The words that say what a number is, in English and Chinese: endpoints, outcomes, and everything else that counts.

Each entry is a kind, a value, and up to three patterns: words in whatever case, abbreviations in the case that papers
use, and Chinese. The order matters: of two entries that begin at the same place the earlier one is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

ENDPOINT_NAMES = {
    "OS": "Overall survival",
    "EFS": "Event-free survival",
    "PFS": "Progression-free survival",
    "RFS": "Relapse-free survival",
    "LFS": "Leukaemia-free survival",
    "DFS": "Disease-free survival",
    "DSS": "Disease-specific survival",
    "FFS": "Failure-free survival",
    "GRFS": "GVHD-free, relapse-free survival",
    "DOR": "Duration of response",
}
SAFETY = frozenset(
    "crs icans neurotoxicity agvhd cgvhd gvhd infection death treatment_death neutropenia anaemia thrombocytopenia "
    "cytopenia hlh tls".split()
)
OUTCOME_NAMES = {
    "mrd_negative_cr": "MRD-negative complete remission",
    "mrd_negative": "MRD-negative",
    "cr": "Complete remission",
    "orr": "Overall response",
    "orr_best": "Best overall response",
    "pr": "Partial response",
    "no_response": "No response",
    "ongoing": "Response ongoing",
    "crs": "Cytokine release syndrome",
    "icans": "ICANS",
    "neurotoxicity": "Neurotoxicity",
    "agvhd": "Acute GVHD",
    "cgvhd": "Chronic GVHD",
    "gvhd": "GVHD",
    "infection": "Infection",
    "death": "Death",
    "treatment_death": "Death from treatment",
    "relapse": "Relapse",
    "neutropenia": "Neutropenia",
    "anaemia": "Anaemia",
    "thrombocytopenia": "Thrombocytopenia",
    "cytopenia": "Cytopenia",
    "hlh": "HLH/MAS",
    "tls": "Tumour lysis syndrome",
}


@dataclass(frozen=True)
class Term:
    """One meaning and the ways to write it."""

    kind: str
    value: str
    words: str = ""
    marks: str = ""
    chinese: str = ""


def _free(what: str) -> str:
    return rf"{what}[- ]?free[- ](?:survival|probability)"


_GVHD = r"(?:graft[- ](?:versus|vs\.?|v)[- ]host[- ]disease|GV?HD)"
_NEURO = r"neuro(?:logic(?:al)?[- ](?:adverse[- ])?(?:events?|toxicit(?:y|ies)|complications?)|toxicit(?:y|ies)|psychiatric events?)"
TERMS = (
    # endpoints of time
    Term("ENDPOINT", "GRFS", _free(rf"{_GVHD}[- ]free,?(?: and| /)? ?relapse"), "GRFS"),
    Term("ENDPOINT", "DOR", r"duration of (?:the )?(?:overall |complete |clinical )?(?:responses?|remissions?)|(?:response|remission|CR) duration|complete (?:response|remission)(?: \(CR\))? duration", "D[oO]R", "(?:持续)?缓解(?:持续)?时间|缓解持续期"),
    Term("ENDPOINT", "EFS", _free("event"), "p?EFS", "无事件生存"),
    Term("ENDPOINT", "PFS", _free("progression"), "p?PFS", "无进展生存"),
    Term("ENDPOINT", "RFS", _free("relapse|recurrence".join(("(?:", ")"))), "p?RFS", "无复发生存"),
    Term("ENDPOINT", "LFS", _free("leuk(?:a)?emia"), "p?LFS", "无白血病生存"),
    Term("ENDPOINT", "DFS", _free("disease"), "p?DFS", "无病生存"),
    Term("ENDPOINT", "FFS", _free("(?:treatment[- ])?failure"), "FFS"),
    Term("ENDPOINT", "DSS", r"(?:disease|cancer|lymphoma|leuk(?:a)?emia)[- ]specific survival", "DSS"),
    Term("ENDPOINT", "OS", r"overall survival", "p?OS", "总体?生存"),
    # probabilities for which a study folder has no column
    Term("INCIDENCE", "", r"(?:cumulative )?(?:incidences?|rates?|probabilit(?:y|ies)|risk) of (?:relapse|non[- ]?relapse mortality|recurrence|TRM|NRM)|cumulative incidences?|(?:non[- ]?relapse|transplant[- ]related) mortality|relapse (?:rates?|incidence)", "CIR|NRM|TRM", "累[积计](?:复发率|发生率|复发)|复发率|非复发死亡率?|移植相关死亡率?"),
    # what happened to patients
    Term("OUTCOME", "mrd_negative_cr", r"(?:MRD|(?:minimal|measurable) residual disease(?: \(MRD\))?)[- ]?(?:negative|neg)[- ](?:complete (?:remissions?|responses?)(?: \(CR\))?|CRs?(?:/CRi)?\b)|(?:complete (?:remissions?|responses?)(?: \(CR\))?|CR) (?:without|with(?: (?:absence|no evidence) of| no)) (?:any )?(?:detectable )?(?:MRD|(?:minimal|measurable) residual disease)", "", "MRD阴性(?:的)?(?:CR|完全缓解)|(?:微小|可测量|微量)残留病(?:\\(MRD\\))?阴性(?:的)?(?:CR|完全缓解)(?:\\(CR\\))?"),
    Term("OUTCOME", "mrd_negative", r"(?:MRD|(?:minimal|measurable) residual disease(?: \(MRD\))?)[- ]?(?:was |were )?(?:negativ(?:e|ity)|undetectable)|(?:undetectable|negative (?:for )?)(?: )?(?:MRD|(?:minimal|measurable) residual disease)|absence of (?:MRD|(?:minimal|measurable) residual disease)", "", "(?:MRD|(?:微小|可测量|微量)残留病(?:\\(MRD\\))?)(?:检测)?(?:转为|转|呈|为)?阴性"),
    Term("MRD", "", r"(?:minimal|measurable) residual disease", "MRD", "(?:微小|可测量|微量)残留病"),
    Term("OUTCOME", "cr", r"(?:complete|histologic(?:al)?|morphologic(?:al)?|cytologic(?:al)?|hematologic(?:al)?)(?: (?:histologic(?:al)?|morphologic(?:al)?|hematologic(?:al)?))? (?:remissions?|responses?|CRs?\b)(?: with incomplete (?:blood |hemato(?:logic(?:al)?|poietic) |count |platelet )*recovery)?|CR(?: or | and |/)CR with (?:an )?incomplete (?:[a-z]+ ){0,2}recovery(?: \(CRi\))?|CR with (?:an )?incomplete (?:[a-z]+ ){0,2}recovery(?: \(CRi\))?", "CR(?:(?: or |/|或)CRi|i|s|h)?|sCR", "完全缓解"),
    Term("OUTCOME", "orr_best", r"best (?:overall |objective )?(?:responses?|remissions?|ORR)(?: rates?)?", "", "最佳(?:总体?|客观)?缓解率?"),
    Term("OUTCOME", "orr", r"(?:overall|objective|total) (?:response|remission|ORR)(?: rates?)?", "ORR", "(?:客观|总体?|总的?)缓解率?|总有效率"),
    Term("OUTCOME", "pr", r"partial (?:remissions?|responses?)", "PR", "部分缓解"),
    Term("OUTCOME", "no_response", r"non[- ]?(?:remission|respon(?:se|ders?))|no (?:response|remission)|did not respond|treatment failure", "", "未缓解|无效|无反应"),
    Term("OUTCOME", "ongoing", r"(?:responses?|remissions?) (?:were|was|are|remained) (?:still )?ongoing|ongoing (?:responses?|remissions?)|(?:remained|remain|stayed|still|continued) in (?:remission|CR|complete (?:remission|response))", "", "持续缓解|维持(?:CR|缓解)"),
    Term("OUTCOME", "crs", r"cytokine[- ]release[- ]syndrome", "s?CRS", "细胞因子释放综合征"),
    Term("OUTCOME", "icans", r"immune[- ]effector[- ]cell[- ](?:associated|related)[- ]neurotoxicity(?:[- ]syndrome)?", "ICANS", "免疫效应细胞相关(?:的)?神经毒性(?:综合征)?"),
    Term("OUTCOME", "neurotoxicity", rf"{_NEURO}|CAR[- ]?T[- ](?:cell[- ])?(?:related|associated)[- ]encephalopathy(?:[- ]syndrome)?", "CRES|NT", "神经(?:系统)?毒性|(?:CAR-?T细胞)?相关(?:性)?脑病(?:综合征)?"),
    Term("OUTCOME", "agvhd", rf"acute {_GVHD}", "aGV?HD", "急性移植物抗宿主病|急性GVHD"),
    Term("OUTCOME", "cgvhd", rf"chronic {_GVHD}", "cGV?HD", "慢性移植物抗宿主病|慢性GVHD"),
    Term("OUTCOME", "gvhd", _GVHD, "G[Vv]HD", "移植物抗宿主病"),
    Term("OUTCOME", "hlh", r"h[a]?emophagocytic lymphohistiocytosis|macrophage activation syndrome", "HLH|MAS", "噬血细胞(?:性淋巴组织细胞增多症|综合征)"),
    Term("OUTCOME", "tls", r"tumou?r lysis syndrome", "TLS", "肿瘤溶解综合征"),
    Term("OUTCOME", "treatment_death", r"(?:procedure|treatment|therapy|CAR[- ]?T)[- ]related (?:mortality|deaths?)|toxic deaths?", "", "治疗相关死亡"),
    Term("OUTCOME", "infection", r"infections?", "", "感染"),
    Term("OUTCOME", "neutropenia", r"neutropeni[ac]", "", "(?:中性)?粒细胞(?:减少|缺乏)症?"),
    Term("OUTCOME", "thrombocytopenia", r"thrombocytopeni[ac]", "", "血小板减少"),
    Term("OUTCOME", "anaemia", r"an[a]?emia", "", "贫血"),
    Term("OUTCOME", "cytopenia", r"(?:pan)?cytopenias?", "", "(?:全)?血细胞减少"),
    Term("OUTCOME", "death", r"deaths?|died|mortality", "", "死亡"),
    Term("OUTCOME", "relapse", r"relapsed(?! (?:or|after|and/or|following|post|from|/|b-|b |acute|all|disease|leuk|following))|relapses?(?! (?:or|after|of|following|post|from))|(?:CD19|CD22)[- ](?:negative|positive) (?:relapses?|recurrences?)|recurrences?", "", "复发(?!率|(?:或|/|、)?难治|的|性|后|急性|B)"),
    # what a number of days, months or years measures
    Term("MEDIAN", "", "medians?", "", "中位(?:数|值)?"),
    Term("MEAN", "", "means?|average", "", "平均(?:数|值)?"),
    Term("FOLLOW", "", r"follow(?:ed)?[- ]?up(?: (?:time|duration|period))?|followed(?= for| over)|observation time", "", "随访(?:时间|期)?"),
    Term("OTHERTIME", "", r"time (?:to|from|since|between|of)|times? (?:to)? ?onset|durations?|persistence|persisted|onset|intervals?(?! \[)|lasted|recovery|hospitali[sz]ation|vein-to-vein|lag|half-life|peak", "", "(?:持续|间隔|起效|发生|达到|出现|输注至|回输至)(?:[^，。；,;0-9]{0,6})时间|间隔|持续"),
    Term("AGE", "", r"aged?|ages|age range", "", "年龄"),
    Term("DOSE", "", r"doses?|dosed|dosages?|dose level", "", "剂量|输注(?:细胞)?(?:数|量)|回输(?:细胞)?(?:数|量)"),
    Term("OTHER", "body or laboratory measure", r"blasts?(?: cells)?|weight|blast count|ferritin|LDH|lactate dehydrogenase|viability|transduction(?: efficiency)?|copies|tumou?r burden|disease burden|ejection fraction|chimerism|vector copy number|area under the curve|AUC|score|index", "", "体重|原始细胞(?:比例)?|转染率|转导(?:效率|率)|拷贝数|肿瘤负荷|铁蛋白|乳酸脱氢酶|嵌合"),
    Term("OTHER", "sex or baseline", r"(?:fe)?males?|sex|had (?:previously )?(?:received|undergone|relapsed)|ha(?:d|ve) prior|previously (?:received|treated)|extramedullary|Philadelphia|haploidentical|refractory|pretreated|underwent|bridged|bridging|transplanted|proceeded|enrolled|screened|leukapheresis|manufactur(?:ed|ing)", "", "男性?|女性?|髓外|既往|接受过|桥接|单采|制备"),
    Term("HR", "", r"(?:subdistribution )?hazard ratios?|odds ratios?|relative risks?|risk ratios?|rate ratios?", "a?s?S?HRs?(?![a-z])|aORs?|RR(?! ?B-)|OR(?= ?[=:,(0-9])", "风险比|比值比|危险比|相对危险度|OR值|HR值"),
    # the grammar of a result
    Term("RANGE", "", r"(?:full |age )?rang(?:e[sd]?|ing)(?: from)?", "", "范围|全距"),
    Term("IQR", "", r"inter[- ]?quartile range", "IQR|Q1[-~]Q3|Q1, ?Q3", "四分位(?:数)?(?:间距|范围)?"),
    Term("RESP", "", "respectively", "", "分别"),
    Term("VS", "", r"vs\.?|versus|compared (?:with|to)|as opposed to", "v\\.", "比(?!例|值)|对比"),
    Term("NR", "NE", r"not (?:yet )?(?:evaluable|estimable|calculable)", "NE"),
    Term("NR", "NR", r"(?:was |were |has |had )?not (?:been |yet been |yet |currently )?(?:reached|attained)", "NR", "(?:尚|仍|均)?未(?:达到|到达|达)"),
    Term("NONE", "", r"no(?! (?:differ|signific|further|new|longer|evidence of a|associat|correl|impact|effect|influence))|none|never|did not|nobody|neither|zero", "", "未|无(?!事件|进展|复发|病|白血病|效|统计|显著|明显)|没有"),
    Term("ALL", "", r"(?-i:[Aa]ll)(?! (?:grades?|cause|of which|other))|every|each of the", "", "均|全部|都"),
    Term("EACH", "", r"each", "", "各"),
    Term("APPROX", "", r"approximately|about(?= [0-9])|around(?= [0-9])|nearly|almost|roughly|more than|less than|over(?= [0-9])|at least|up to|only about|estimated at about", "", "大?约|近|超过|不足|至少"),
    Term("OTHERS", "", r"in the (?:primary|previous|initial|earlier|first|pivotal|original) (?:analysis|report|publication|study|trial)|previous(?:ly)? (?:reported|published|studies|trials|reports)|earlier (?:reports?|stud(?:y|ies))|historical(?:ly)?|has been reported|have (?:been )?reported|in the literature|et al|registry data", "", "文献报道|既往(?:研究|报道)|历史对照"),
    Term("GAIN", "", r"achiev(?:ed|ing)|attain(?:ed|ing)|obtain(?:ed|ing)|reached|develop(?:ed|ing)|experienc(?:ed|ing)|had|showed|suffered|presented|entered|went into|were in|was in|became|remained|converted", "", "获得|发生|出现|达到|取得|达|获"),
    Term("PATIENT", "", r"(?:evaluable |treated |infused |enrolled |eligible |adult |p[a]?ediatric |consecutive |remaining |other |of these |[rR]/[rR] )*(?:patients?|pts?|subjects?|participants?|adults?|child(?:ren)?|individuals?|persons?|people|cases?|infants?|responders?|women|men)", "", "例(?:患者|病例|患儿|受试者)?|名(?:患者|患儿|受试者|儿童)|位患者|患者|患儿"),
    Term("WITHIN", "", r"within|after|before|following|post|beyond|during|until|since|past|for at least|for up to|over|through", "", "内|后|前|期间"),
    Term("AT", "", r"at|by", "", "时"),
    Term("OF", "", r"(?:out )?of(?: (?:the|all|these|those|a total of))*", "", ""),
    Term("FOR", "", r"(?:for|in|among|amongst|from|with)(?: (?:the|all|these|those|a total of))*", "", "在"),
    Term("AND", "", r"and|or|&|as well as", "", "和|与|及|或|、|以及"),
    Term("TO", "", r"to|through|until", "", "至|到"),
    Term("BETWEEN", "", "between|from", "", "从|自"),
    Term("SURVIVAL", "OS", r"(?:actuarial |estimated )?survival|alive|surviv(?:ed|ing|ors?)", "", "生存(?:率|期|时间)?|存活"),
    Term("RATE", "", r"rates?|probabilit(?:y|ies)|proportions?|estimates?|incidences?", "", "发生率|率|期"),
    Term("SEVERE", "", r"severe", "", "重度|严重"),
    Term("COUNTED", "", r"(?:prior |previous |median )*(?:lines?|cycles?|courses?|infusions?|cent(?:er|re)s?|sites?|hospitals?|countries|trials?|studies|arms?|groups?|cohorts?|samples?|donors?|fold|times|regimens?|therapies|treatments?|institutions?|fractions?)", "", "个(?:中心|医院|医疗中心|疗程|周期)|家(?:医院|中心)|线|次|项|倍|中心"),
)
