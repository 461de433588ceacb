"""The operator's settings, as the functions read them: one environment variable each, set by the template."""

from collections.abc import Mapping
from dataclasses import dataclass

from zonewright.model.quotas import DEFAULTS, Quotas

_OFF = "DISABLED"
"""The value of a setting that is turned off."""


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a setting that is a list, separated by blanks or commas."""
    return tuple(text.replace(",", " ").split())


@dataclass(frozen=True)  # no slots: the defaults are read from the class
class Settings:
    """The operator's settings, from the template's parameters. Times are seconds, sizes bytes.

    A `zone_records` of 0 is no limit.
    """

    table: str
    bucket: str
    kms_key: str = ""
    state_machine: str = ""
    deliverer: str = ""
    delivery_patience: int = 3600
    drift_hours: int = 24
    event_bus: str = "default"
    public_url: str = ""
    pool_id: str = "794ccc2c-d751-44fe-b57f-8894c9f5c842"
    name_servers: tuple[str, ...] = ("ns1.zonewright.invalid.",)
    designate_release: str = "seed"
    vinyldns_release: str = "seed"
    sync_delay: int = 600
    sync_lease: int = 7200
    chunk_bytes: int = 131_072
    batch_bytes: int = 1_000_000
    inline_bytes: int = 6_000_000
    inline_map_items: int = 2000
    import_bytes: int = 67_108_864
    increment_bytes: int = 6_000_000
    first_message_timeout: int = 10
    idle_timeout: int = 30
    least_rate: int = 4096
    transfer_timeout: int = 840
    transfer_bytes: int = 10_000_000_000
    transfer_networks: tuple[str, ...] = ("0.0.0.0/0", "::/0")
    transfer_ports: str = "53,853"
    default_schedule: str = ""
    shortest_schedule: int = 60
    signature_skew: int = 900
    version_retention: int = 30
    history_retention: int = 0
    zone_records: int = 0
    deleted_percent: int = 100
    changed_percent: int = 100
    managed_email: str = "hostmaster@zonewright.invalid"
    quotas: Quotas = DEFAULTS
    tsig_keys: int = 1000
    zone_tsig_keys: int = 10
    project_shares: int = 500
    min_ttl: int = 0
    tlds: tuple[str, ...] = ()
    blacklist: tuple[str, ...] = ()
    token_life: int = 3600
    password_login: bool = True
    region_name: str = "RegionOne"
    idempotency_seconds: int = 86_400
    running_syncs: int = 100
    begins_per_minute: int = 1000
    open_uploads: int = 100
    zone_masters: int = 10
    attribute_bytes: int = 16_384

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Return the settings that the environment gives.

        The table and the bucket are required (KeyError). Other settings have defaults.
        """

        def number(name: str, default: int) -> int:
            return int(environ.get(name) or default)

        def words(name: str, default: tuple[str, ...]) -> tuple[str, ...]:
            return listed(environ.get(name, "")) or default

        return cls(
            table=environ["TABLE_NAME"],
            bucket=environ["BUCKET_NAME"],
            kms_key=environ.get("KMS_KEY_ID", cls.kms_key),
            state_machine=environ.get("STATE_MACHINE_ARN", cls.state_machine),
            deliverer=environ.get("DELIVERER", cls.deliverer),
            delivery_patience=number("DELIVERY_PATIENCE", cls.delivery_patience),
            drift_hours=number("DRIFT_HOURS", cls.drift_hours),
            event_bus=environ.get("EVENT_BUS", cls.event_bus),
            public_url=environ.get("PUBLIC_URL", cls.public_url).rstrip("/"),
            pool_id=environ.get("POOL_ID") or cls.pool_id,
            name_servers=words("NAME_SERVERS", cls.name_servers),
            designate_release=environ.get("DESIGNATE_RELEASE") or cls.designate_release,
            vinyldns_release=environ.get("VINYLDNS_RELEASE") or cls.vinyldns_release,
            sync_delay=number("SYNC_DELAY", cls.sync_delay),
            sync_lease=number("SYNC_LEASE", cls.sync_lease),
            chunk_bytes=number("CHUNK_BYTES", cls.chunk_bytes),
            batch_bytes=number("BATCH_BYTES", cls.batch_bytes),
            inline_bytes=number("INLINE_BYTES", cls.inline_bytes),
            inline_map_items=number("INLINE_MAP_ITEMS", cls.inline_map_items),
            import_bytes=number("IMPORT_BYTES", cls.import_bytes),
            increment_bytes=number("INCREMENT_BYTES", cls.increment_bytes),
            first_message_timeout=number("FIRST_MESSAGE_TIMEOUT", cls.first_message_timeout),
            idle_timeout=number("IDLE_TIMEOUT", cls.idle_timeout),
            least_rate=number("LEAST_RATE", cls.least_rate),
            transfer_timeout=number("TRANSFER_TIMEOUT", cls.transfer_timeout),
            transfer_bytes=number("TRANSFER_BYTES", cls.transfer_bytes),
            transfer_networks=words("TRANSFER_NETWORKS", cls.transfer_networks),
            transfer_ports=environ.get("TRANSFER_PORTS") or cls.transfer_ports,
            default_schedule=environ.get("DEFAULT_SCHEDULE", cls.default_schedule),
            shortest_schedule=number("SHORTEST_SCHEDULE", cls.shortest_schedule),
            signature_skew=number("SIGNATURE_SKEW", cls.signature_skew),
            version_retention=number("VERSION_RETENTION", cls.version_retention),
            history_retention=number("HISTORY_RETENTION", cls.history_retention),
            zone_records=number("ZONE_RECORDS", cls.zone_records),
            deleted_percent=number("DELETED_PERCENT", cls.deleted_percent),
            changed_percent=number("CHANGED_PERCENT", cls.changed_percent),
            managed_email=environ.get("MANAGED_EMAIL") or cls.managed_email,
            quotas=Quotas(
                zones=number("QUOTA_ZONES", cls.quotas.zones),
                zone_recordsets=number("QUOTA_ZONE_RECORDSETS", cls.quotas.zone_recordsets),
                zone_records=number("QUOTA_ZONE_RECORDS", cls.quotas.zone_records),
                recordset_records=number("QUOTA_RECORDSET_RECORDS", cls.quotas.recordset_records),
                api_export_size=number("QUOTA_API_EXPORT_SIZE", cls.quotas.api_export_size),
            ),
            tsig_keys=number("QUOTA_TSIG_KEYS", cls.tsig_keys),
            zone_tsig_keys=number("QUOTA_ZONE_TSIG_KEYS", cls.zone_tsig_keys),
            project_shares=number("PROJECT_SHARES", cls.project_shares),
            min_ttl=number("MIN_TTL", cls.min_ttl),
            tlds=words("TLDS", cls.tlds),
            blacklist=tuple(environ.get("BLACKLIST", "").split()),  # a comma may be part of an expression
            token_life=number("TOKEN_LIFE", cls.token_life),
            password_login=environ.get("PASSWORD_LOGIN") != _OFF,
            region_name=environ.get("REGION_NAME") or cls.region_name,
            idempotency_seconds=number("IDEMPOTENCY_SECONDS", cls.idempotency_seconds),
            running_syncs=number("RUNNING_SYNCS", cls.running_syncs),
            begins_per_minute=number("BEGINS_PER_MINUTE", cls.begins_per_minute),
            open_uploads=number("OPEN_UPLOADS", cls.open_uploads),
            zone_masters=number("ZONE_MASTERS", cls.zone_masters),
            attribute_bytes=number("ATTRIBUTE_BYTES", cls.attribute_bytes),
        )
