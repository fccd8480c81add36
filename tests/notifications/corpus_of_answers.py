"""What machines and people answer to a mail, in the six languages of the desk."""

# ruff: noqa: RUF001 - words of other languages stand in their own letters
from __future__ import annotations

PERSON = "bilal@mission.example"

MACHINES = {
    "RFC 3834": "Auto-Submitted: auto-replied (vacation)\nSubject: Away",
    "RFC 3834, generated": "Auto-Submitted: auto-generated; owner-email=x@y.example\nSubject: News",
    "Exchange": "X-Auto-Response-Suppress: All\nSubject: Away",
    "bulk": "Precedence: bulk\nSubject: Hello",
    "vacation of old": "Precedence: auto_reply\nSubject: Hello",
    "a list": "List-Id: <staff.mission.example>\nSubject: Hello",
    "X-Autoreply": "X-Autoreply: yes\nSubject: Hello",
    "X-Autorespond": "X-Autorespond: Re: your mail\nSubject: Hello",
    "a rule of Exchange": "X-MS-Exchange-Inbox-Rules-Loop: bilal@mission.example\nSubject: Hello",
    "Novell": "X-POST-MessageClass: 9; Autoresponder\nSubject: Hello",
    "a receipt that it was read": "Subject: Read\n"
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
    "English": "Subject: Automatic reply: An answer is due",
    "English, older": "Subject: Out of Office: An answer is due",
    "French": "Subject: =?utf-8?q?R=C3=A9ponse_automatique=C2=A0=3A_Une_r=C3=A9ponse?=",
    "Spanish": "Subject: =?utf-8?q?Respuesta_autom=C3=A1tica=3A_Se_pide?=",
    "Arabic": "Subject: =?utf-8?b?2LHYryDYqtmE2YLYp9im2Yo6INin2YTYsdiv?=",
    "Russian": "Subject: =?utf-8?b?0JDQstGC0L7QvNCw0YLQuNGH0LXRgdC60LjQuSDQvtGC0LLQtdGCOiDQntGC0LLQtdGC?=",
    "Chinese": "Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSNOiDor7flm57lpI0=?=",
}
"""The headers of mails that no person wrote, by what made them."""

LOOPS = {
    "the null return path": ("<>", PERSON),
    "a daemon": ("<x@mission.example>", "MAILER-DAEMON@mission.example"),
    "a postmaster": ("<x@mission.example>", "postmaster@mission.example"),
    "an address nobody reads": ("<x@mission.example>", "no-reply@mission.example"),
    "the desk itself": ("<x@mission.example>", "desk@desk.example"),
    "its own address of return": ("<x@mission.example>", "bounce+aaaaaaaaaaaaaaaaaaaaaa@in.desk.example"),
    "a robot of a list": ("<x@mission.example>", "staff-request@mission.example"),
    "nobody": ("<x@mission.example>", ""),
}
"""Return paths and senders that are never answered."""

QUOTED = {
    "English": "I agree to Friday.\n\nOn Tue, 1 Dec 2026 at 10:00, Dispute desk <desk@desk.example> wrote:\n"
    "> An answer is due",
    "English, broken in two": "I agree to Friday.\n\nOn Tue, 1 Dec 2026 at 10:00, Dispute desk\n"
    "<desk@desk.example> wrote:\n> An answer",
    "French": "I agree to Friday.\n\nLe mar. 1 déc. 2026 à 10:00, Dispute desk <desk@desk.example> a écrit :\n"
    "> Une réponse",
    "Spanish": "I agree to Friday.\n\nEl mar, 1 dic 2026 a las 10:00, Dispute desk (<desk@desk.example>) escribió:\n"
    "> Se pide",
    "Arabic": "I agree to Friday.\n\nفي الثلاثاء، 1 ديسمبر 2026 10:00 كتب Dispute desk <desk@desk.example>:\n> مطلوب",
    "Russian": "I agree to Friday.\nвт, 1 дек. 2026 г. в 10:00, Dispute desk <desk@desk.example> пишет:\n> Ждём",
    "Chinese": "I agree to Friday.\nDispute desk <desk@desk.example> 于2026年12月1日周二 10:00写道：\n> 请回复",
    "Outlook": "I agree to Friday.\n\nFrom: Dispute desk <desk@desk.example>\n"
    "Sent: Tuesday, 1 December 2026\nTo: Bilal\n\nAn answer",
    "Outlook, French": "I agree to Friday.\n\nDe : Dispute desk <desk@desk.example>\nEnvoyé : mardi\nÀ : Bilal\n\nUne",
    "an old program": "I agree to Friday.\n\n-----Original Message-----\nAn answer is due",
    "a signature": "I agree to Friday.\n\n-- \nBilal Bol\nRoads Agency",
    "between the quoted lines": "> Do you agree?\nI agree to Friday.\n> And what else?",
}
"""Answers of people who all say the same, with what their programs put below it."""
