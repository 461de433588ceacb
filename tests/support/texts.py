"""Master files of a small zone and its later versions."""

ZONE = "example.org."

FIRST = """
$ORIGIN example.org.
$TTL 300
@       SOA ns1 joe\\.doe 1 3600 600 86400 300
@       NS  ns1
@       NS  ns2.example.net.
@       MX  10 mail
ns1     A   192.0.2.53
mail    A   192.0.2.25
www     A   192.0.2.80
www     A   192.0.2.81
old     TXT "to be deleted"
"""

SECOND = (
    FIRST.replace("joe\\.doe 1 ", "joe\\.doe 2 ")
    .replace("old     TXT", "new     TXT")
    .replace("www     A   192.0.2.81\n", "")
)

LARGE = FIRST + "".join(
    f"host{number:04} {60 + number % 7} A 10.1.{number // 256}.{number % 256}\n" for number in range(2000)
)

GUARDED = FIRST + "".join(f"host{number} A 192.0.2.{number}\n" for number in range(20))

THIRD = SECOND.replace("joe\\.doe 2 ", "joe\\.doe 3 ").replace("mail    A   192.0.2.25", "mail 60 A   192.0.2.26")
