"""Rdata in octets: what every name server loads, and what one at least does not."""

LOADED = {
    rdtype: [bytes.fromhex(text) for text in texts]
    for rdtype, texts in {
        11: ["c0000201060000f0"],  # WKS
        13: ["01610162"],  # HINFO
        19: ["0431323334", "0c333131303631373030393536"],  # X25
        20: ["053135303836", "05313530383603303034"],  # ISDN
        22: ["4700"],  # NSAP
        23: ["016100"],  # NSAP-PTR
        25: [
            "0100030d00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
            "0100030803010001",
        ],  # KEY
        27: ["023132023132023130"],  # GPOS
        29: ["001216138b3cf018810cbce0009895b8", "00121613800000008000000000989680"],  # LOC
        31: ["00"],
        32: ["00"],
        34: ["0031", "0131"],
        35: ["000100010175074532552b7369700e215e2e2a24217369703a6140622100", "00010001000000016100"],  # NAPTR
        37: ["0001000208000000", "000300000000000000"],  # CERT
        38: ["0000000000000000000000000000000000", "80016100", "400000000000000000016100", "7f01016100"],  # A6
        40: ["01000041"],
        42: ["00011803c000020002208420010db8", "00010000"],  # APL
        43: [
            "00010801abababababababababababababababababababab",
            "00010d02abababababababababababababababababababababababababababababababab",
            "00010d04abababababababababababababababababababababababababababababababababababababababababababababababab",
        ],  # DS
        44: [
            "0101abababababababababababababababababababab",
            "0402abababababababababababababababababababababababababababababababab",
        ],  # SSHFP
        45: [
            "0a0102c0000226010351537986ed35533b6064478eee",
            "0a03020161016200010351",
            "0a020200000000000000000000000000000001010351",
        ],  # IPSECKEY
        48: [
            "0100030d00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        ],  # DNSKEY
        49: ["000001", "000201636fc0b8271c82825bb1ac5c41cf5351aa69b4febd94e8f17cdb95000da48c40"],  # DHCID
        52: [
            "030101abababababababababababababababababababababababababababababababab",
            "030102abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab",
            "030100ab",
        ],  # TLSA
        53: ["030101abababababababababababababababababababababababababababababababab"],  # SMIMEA
        55: ["020200032001000000", "020200032001000000016100016200"],  # HIP
        56: ["0161", "01610162"],  # NINFO
        58: ["0000", "016100016200"],
        59: ["00010802abababababababababababababababababababababababababababababababab", "0000000000"],  # CDS
        60: [
            "0100030d00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
            "0000030000",
        ],  # CDNSKEY
        61: ["000000"],  # OPENPGPKEY
        62: ["000000010000000460000008ff0180", "000000420003000140"],  # CSYNC
        64: [
            "000100",
            "0001016100000100060268320268330003000201bb00040004c0000201",
            "00010000000002000100010003026832000700082f717b3f646e737d",
        ],  # SVCB
        65: ["000100", "0000016100", "000100000100030268320002000000050006000400000000"],  # HTTPS
        66: ["003b0114b4016100"],  # DSYNC
        67: ["00"],  # HHIT
        68: ["00"],  # BRID
        104: ["000100144fffff20ee64"],  # NID
        105: ["00010a010200"],  # L32
        106: ["000100144fffff20ee64"],  # L64
        107: ["0001016100"],  # LP
        108: ["00005e00532a"],  # EUI48
        109: ["00005e00532a0000"],  # EUI64
        256: ["0001000168747470733a2f2f61"],  # URI
        257: ["0005697373756561", "8005696f6465666d61696c746f3a61"],  # CAA
        258: ["0161"],  # AVC
        259: ["00000000000000000100ffff", "0000000100000002010161ff"],
        260: [
            "0a01c0000201",
            "0a00",
            "0a80",
            "0a03016100",
            "0a0200000000000000000000000000000000",
            "0a04",
            "0a0500",
        ],  # AMTRELAY
        261: ["03613d62"],  # RESINFO
        262: ["0345544803307831"],  # WALLET
        32768: [
            "00010801abababababababababababababababababababab",
            "00010802abababababababababababababababababababababababababababababababab",
            "00010804abababababababababababababababababababababababababababababababababababababababababababababababab",
            "000108ff00",
        ],  # TA
        65280: ["00"],
    }.items()
}
"""By type."""

REFUSED = [
    (44, "0101", "named-checkzone"),  # SSHFP
    (48, "01010308", "named-checkzone"),  # DNSKEY
    (43, "30390d02", "named-checkzone"),  # DS
    (59, "30390d02", "named-checkzone"),  # CDS
    (43, "47b00d05", "named-checkzone"),  # DS
    (108, "0000", "named-checkzone"),  # EUI48
    (109, "000000000000", "named-checkzone"),  # EUI64
    (13, "", "named-checkzone"),  # HINFO
    (13, "0161", "named-checkzone"),  # HINFO
    (104, "0001", "named-checkzone"),  # NID
    (105, "0001", "named-checkzone"),  # L32
    (106, "0001", "named-checkzone"),  # L64
    (107, "000161", "named-checkzone"),  # LP
    (61, "", "named-checkzone"),  # OPENPGPKEY
    (49, "", "named-checkzone"),  # DHCID
    (257, "0000", "named-checkzone"),  # CAA
    (257, "00ff78", "named-checkzone"),  # CAA
    (257, "0005495353554561", "pdnsutil"),  # CAA
    (257, "00106973737565313233343536373839303162", "pdnsutil"),  # CAA
    (52, "030100", "named-checkzone"),  # TLSA
    (52, "030101ab", "pdnsutil"),  # TLSA
    (53, "030101ab", "pdnsutil"),  # SMIMEA
    (29, "01121613", "pdnsutil"),  # LOC
    (29, "01121613800000008000000000989680", "pdnsutil"),  # LOC
    (37, "00", "named-checkzone"),  # CERT
    (37, "0000000000ab", "pdnsutil"),  # CERT
    (45, "0a", "named-checkzone"),  # IPSECKEY
    (45, "0a000201", "pdnsutil"),  # IPSECKEY
    (45, "0a0103c000020101", "pdnsutil"),  # IPSECKEY
    (55, "0202", "named-checkzone"),  # HIP
    (65, "000001610000010003026832", "pdnsutil"),  # HTTPS
    (65, "0001", "named-checkzone"),  # HTTPS
    (64, "00000000010000", "named-checkzone"),  # SVCB
    (64, "00010000040003c00002", "named-checkzone"),  # SVCB
    (256, "000a0001", "pdnsutil"),  # URI
    (42, "", "pdnsutil"),  # APL
    (42, "00030000", "named-checkzone"),  # APL
    (42, "00012804c0000201", "named-checkzone"),  # APL
    (25, "c0000308", "nsd-checkzone"),  # KEY
    (25, "c0000308ab", "named-checkzone"),  # KEY
    (35, "00010001", "named-checkzone"),  # NAPTR
    (62, "000000010000000180", "pdnsutil"),  # CSYNC
    (19, "03313233", "named-checkzone"),  # X25
    (19, "0461626364", "named-checkzone"),  # X25
    (20, "", "named-checkzone"),  # ISDN
    (22, "", "named-checkzone"),  # NSAP
    (11, "c0000201060000", "named-checkzone"),  # WKS
    (27, "0131", "named-checkzone"),  # GPOS
    (31, "", "named-checkzone"),
    (32, "", "named-checkzone"),
    (34, "", "named-checkzone"),
    (34, "0161", "named-checkzone"),
    (38, "800000", "named-checkzone"),  # A6
    (40, "0000", "named-checkzone"),
    (56, "", "named-checkzone"),  # NINFO
    (58, "00", "named-checkzone"),
    (66, "003b0114b4", "named-checkzone"),  # DSYNC
    (67, "", "named-checkzone"),  # HHIT
    (68, "", "named-checkzone"),  # BRID
    (258, "", "named-checkzone"),  # AVC
    (259, "00", "named-checkzone"),
    (260, "0a01c000", "named-checkzone"),  # AMTRELAY
    (261, "", "named-checkzone"),  # RESINFO
    (262, "", "named-checkzone"),  # WALLET
    (32768, "00010801ab", "named-checkzone"),  # TA
    (3, "016100", "named-checkzone"),  # MD
    (4, "016100", "named-checkzone"),  # MF
    (7, "016100", "pdnsutil"),  # MB
    (8, "016100", "pdnsutil"),  # MG
    (9, "016100", "pdnsutil"),  # MR
    (14, "016100016200", "pdnsutil"),  # MINFO
    (57, "0000030841", "pdnsutil"),
    (32769, "00010801abababababababababababababababababababab", "pdnsutil"),  # DLV
    (62, "00000001000000010180", "named-checkzone"),  # CSYNC
]
"""Type, octets, and the program of a server that does not load what we would write of them."""
