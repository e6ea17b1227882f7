"""Columns and values that could tell who a patient is: found by their names, in English and Chinese, and by their form.

The list cannot be complete. It catches what is usual in hospital exports, so that nobody analyses by mistake a file
that should never have left the hospital.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

_NAMES = """
name names patientname patname ptname fullname firstname lastname middlename familyname givenname forename surname
maidenname initials patientinitials nameinitials nickname nameofpatient
dob birthdate birthday birthdat dateofbirth datebirth birth birthdt brthdtc brthdat birthyearmonthday
mrn mrnumber medicalrecordnumber medicalrecordno medicalrecord recordnumber hospitalnumber hospitalno hospitalid hospno
hospitalpatientid inpatientno inpatientnumber inpatientid outpatientno outpatientnumber admissionno admissionnumber
chartno chartnumber casenumber registrationno registrationnumber accessionnumber encounterid visitno
ssn socialsecurity socialsecuritynumber sin nationalid nationalidnumber idnumber idno idcard idcardno idcardnumber
identitycard identitynumber citizenid passport passportno passportnumber nhsnumber nhsno insurancenumber insuranceno
insuranceid healthcardnumber driverslicense licenseplate
phone phoneno phonenumber telephone telephoneno telephonenumber tel telno mobile mobileno mobilephone mobilenumber cell
cellphone fax faxnumber contact contactnumber contactphone contactperson nextofkin
address homeaddress streetaddress street postaladdress postcode postalcode zip zipcode
email emailaddress mail wechat wechatid weixin qq qqnumber ipaddress
xingming mingzi shengri chushengriqi shenfenzheng shenfenzhenghao zhuyuanhao binglihao binganhao menzhenhao dianhua
shouji shoujihao dizhi zhuzhi youxiang
"""
_IDENTIFYING = frozenset(_NAMES.split())
_WORDS = """
姓名 名字 患者名 病人名 曾用名 出生 生日 身份证 身份號 证件号 病历号 病歷號 病案号 住院号 住院號 门诊号 门诊卡
登记号 就诊卡 就诊号 病人id 患者id 病员号 床号 电话 電話 手机 手機 联系方式 联系人 地址
住址 邮编 邮箱 电子邮件 微信 医保 社保 护照
"""
_CHINESE = tuple(_WORDS.split())
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[A-Za-z]{2,}")
_CHINESE_ID = re.compile(r"(?<!\d)[1-9]\d{5}((?:18|19|20)\d{6})\d{3}[\dXx](?!\d)")
_PHONE = re.compile(r"(?<![\d.])(?:\+?0{0,2}86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\d.])")
_INTERNATIONAL = re.compile(r"\+\d[\d ()-]{7,18}\d")
_LAND_LINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_WESTERN_NAME = re.compile(r"[^\W\d_][^\W\d_.'’-]+,? +[^\W\d_][^\W\d_.'’-]+(?: +[^\W\d_][^\W\d_.'’-]+)?")


def identifying_name(column: str) -> bool:
    """Whether the name of a column says that it identifies a patient.

    >>> [identifying_name(name) for name in ("Patient Name", "date_of_birth", "住院号", "patient_id", "os_date")]
    [True, True, True, False, False]
    """
    plain = unicodedata.normalize("NFKC", column).casefold()
    letters = "".join(c for c in plain if c.isalnum())
    return letters in _IDENTIFYING or any(word in letters for word in _CHINESE)


def identifying_value(text: str) -> str | None:
    """What a value looks like, if it looks like something that identifies a patient; else None.

    >>> identifying_value("11010519491231002X"), identifying_value("P01")
    ('an 18-digit Chinese identity number', None)
    """
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) < 7:
        return None
    if "@" in plain and _EMAIL.search(plain):
        return "an e-mail address"
    match = _CHINESE_ID.search(plain)
    if match and _is_date(match[1]):
        return "an 18-digit Chinese identity number"
    if _PHONE.search(plain):
        return "a mobile telephone number"
    if _INTERNATIONAL.fullmatch(plain) or _LAND_LINE.search(plain):
        return "a telephone number"
    if _SSN.search(plain):
        return "a social security number"
    return None


def looks_like_a_name(text: str) -> bool:
    """Whether a patient_id is a person's name: two to four Chinese characters, or words without any digit.

    >>> [looks_like_a_name(text) for text in ("王小明", "Ann Smith", "CART-07", "placebo")]
    [True, True, False, False]
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return bool(_HAN_NAME.fullmatch(plain) or _WESTERN_NAME.fullmatch(plain))


def first_identifying(texts: Iterable[str]) -> tuple[str, str] | None:
    """The first of some values that looks identifying, and what it looks like."""
    for text in texts:
        kind = identifying_value(text)
        if kind is not None:
            return text, kind
    return None


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
