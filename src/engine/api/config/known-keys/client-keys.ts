/** Keys for TLS and SASL of all clients, and of brokers. */
export const SECURITY_KEYS = `
sasl.client.callback.handler.class CLASS -
sasl.jaas.config PASSWORD -
sasl.kerberos.kinit.cmd STRING /usr/bin/kinit
sasl.kerberos.min.time.before.relogin LONG 60000
sasl.kerberos.service.name STRING -
sasl.kerberos.ticket.renew.jitter DOUBLE 0.05
sasl.kerberos.ticket.renew.window.factor DOUBLE 0.8
sasl.login.callback.handler.class CLASS -
sasl.login.class CLASS -
sasl.login.connect.timeout.ms INT -
sasl.login.read.timeout.ms INT -
sasl.login.refresh.buffer.seconds SHORT 300 0..3600
sasl.login.refresh.min.period.seconds SHORT 60 0..900
sasl.login.refresh.window.factor DOUBLE 0.8 0.5..1.0
sasl.login.refresh.window.jitter DOUBLE 0.05 0.0..0.25
sasl.login.retry.backoff.max.ms LONG 10000
sasl.login.retry.backoff.ms LONG 100
sasl.oauthbearer.allow.unverified.audience BOOLEAN false
sasl.oauthbearer.allow.unverified.issuer BOOLEAN false
sasl.oauthbearer.assertion.algorithm STRING RS256 {ES256,RS256}!any-case
sasl.oauthbearer.assertion.claim.aud STRING -
sasl.oauthbearer.assertion.claim.exp.seconds INT 300 0..86400
sasl.oauthbearer.assertion.claim.iss STRING -
sasl.oauthbearer.assertion.claim.jti.include BOOLEAN false
sasl.oauthbearer.assertion.claim.nbf.seconds INT 60 0..3600
sasl.oauthbearer.assertion.claim.sub STRING -
sasl.oauthbearer.assertion.file STRING -
sasl.oauthbearer.assertion.private.key.file STRING -
sasl.oauthbearer.assertion.private.key.passphrase PASSWORD -
sasl.oauthbearer.assertion.template.file STRING -
sasl.oauthbearer.client.credentials.client.id STRING -
sasl.oauthbearer.client.credentials.client.secret PASSWORD -
sasl.oauthbearer.clock.skew.seconds INT 30
sasl.oauthbearer.expected.audience LIST []
sasl.oauthbearer.expected.issuer STRING -
sasl.oauthbearer.jwks.endpoint.refresh.ms LONG 3600000
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms LONG 10000
sasl.oauthbearer.jwks.endpoint.retry.backoff.ms LONG 100
sasl.oauthbearer.jwks.endpoint.url STRING -
sasl.oauthbearer.jwt.retriever.class CLASS org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever
sasl.oauthbearer.jwt.validator.class CLASS org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator
sasl.oauthbearer.scope STRING -
sasl.oauthbearer.scope.claim.name STRING scope
sasl.oauthbearer.sub.claim.name STRING sub
sasl.oauthbearer.token.endpoint.url STRING -
security.providers STRING -
ssl.cipher.suites LIST []
ssl.enabled.protocols LIST [TLSv1.2,TLSv1.3]
ssl.endpoint.identification.algorithm STRING https
ssl.engine.factory.class CLASS -
ssl.key.password PASSWORD -
ssl.keymanager.algorithm STRING SunX509
ssl.keystore.certificate.chain PASSWORD -
ssl.keystore.key PASSWORD -
ssl.keystore.location STRING -
ssl.keystore.password PASSWORD -
ssl.keystore.type STRING JKS
ssl.protocol STRING TLSv1.3
ssl.provider STRING -
ssl.secure.random.implementation STRING -
ssl.trustmanager.algorithm STRING PKIX
ssl.truststore.certificates PASSWORD -
ssl.truststore.location STRING -
ssl.truststore.password PASSWORD -
ssl.truststore.type STRING JKS
`;

/** Keys that all clients have. */
export const CLIENT_KEYS = `
bootstrap.resolve.timeout.ms LONG 0 0..
client.dns.lookup STRING use_all_dns_ips {use_all_dns_ips,resolve_canonical_bootstrap_servers_only}
client.id STRING ""
config.providers LIST []
metadata.cluster.check.enable BOOLEAN true
metadata.recovery.rebootstrap.trigger.ms LONG 300000 0..
metadata.recovery.strategy STRING rebootstrap {REBOOTSTRAP,NONE}!any-case
metric.reporters LIST [org.apache.kafka.common.metrics.JmxReporter]
metrics.num.samples INT 2 1..
metrics.recording.level STRING INFO {INFO,DEBUG,TRACE}
metrics.sample.window.ms LONG 30000 0..
sasl.mechanism STRING GSSAPI
sasl.oauthbearer.header.urlencode BOOLEAN false
security.protocol STRING PLAINTEXT {SASL_SSL,PLAINTEXT,SSL,SASL_PLAINTEXT}!any-case
send.buffer.bytes INT 131072 -1..
`;

/** Keys that only producers have, or define differently. */
export const PRODUCER_KEYS = `
bootstrap.servers LIST - 1..
buffer.memory.allocation.strategy STRING full {FULL,INCREMENTAL}!any-case
compression.gzip.level INT -1 !gzip-level
compression.lz4.level INT 9 1..17
compression.type STRING none {none,gzip,snappy,lz4,zstd}
compression.zstd.level INT 3 -131072..22
enable.metrics.push BOOLEAN true
interceptor.classes LIST []
key.serializer CLASS -
metadata.max.idle.ms LONG 300000 5000..
partitioner.class CLASS -
receive.buffer.bytes INT 32768 -1..
transaction.two.phase.commit.enable BOOLEAN false
value.serializer CLASS -
`;

/** Keys that only consumers have, or define differently. */
export const CONSUMER_KEYS = `
bootstrap.servers LIST - 1..
check.crcs BOOLEAN true
enable.metrics.push BOOLEAN true
group.id STRING -
interceptor.classes LIST []
internal.throw.on.fetch.stable.offset.unsupported BOOLEAN false
key.deserializer CLASS -
receive.buffer.bytes INT 65536 -1..
share.acknowledgement.mode STRING implicit !acknowledgement-mode
share.acquire.mode STRING BATCH_OPTIMIZED !acquire-mode
value.deserializer CLASS -
`;

/** Keys that only admin clients have, or define differently. */
export const ADMIN_KEYS = `
bootstrap.controllers LIST []
bootstrap.servers LIST []
connections.max.idle.ms LONG 300000
default.api.timeout.ms INT 60000 0..
enable.metrics.push BOOLEAN false
metadata.max.age.ms LONG 300000 0..
receive.buffer.bytes INT 65536 -1..
reconnect.backoff.max.ms LONG 1000 0..
reconnect.backoff.ms LONG 50 0..
request.timeout.ms INT 30000 0..
retries INT 2147483647 0..2147483647
retry.backoff.max.ms LONG 1000 0..
retry.backoff.ms LONG 100 0..
socket.connection.setup.timeout.max.ms LONG 30000
socket.connection.setup.timeout.ms LONG 10000
`;
