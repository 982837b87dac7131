/** What makes the rules last: a file of our own, and a unit of our own that loads it at boot. */
export const FOLDER = '/etc/nftables.d';
export const RULES = `${FOLDER}/phoenix.nft`;
export const UNIT_NAME = 'phoenix-firewall.service';
export const UNIT = `/etc/systemd/system/${UNIT_NAME}`;
export const ENABLED = `/etc/systemd/system/sysinit.target.wants/${UNIT_NAME}`;

/**
 * nftables.service begins and ends with `flush ruleset`, which takes all tables along: ours is loaded after it, and
 * again when it is restarted or reloaded. There is no ExecStop: a stopped unit is no reason to be unprotected. The
 * networking.service of Debian's ifupdown2 does not wait for network-pre.target: it is named.
 */
export const UNIT_TEXT = `# managed by phoenix: Firewall[host]
[Unit]
Description=Packet filter of phoenix (table inet phoenix)
Documentation=man:nft(8)
DefaultDependencies=no
Conflicts=shutdown.target
Wants=network-pre.target
Before=network-pre.target networking.service shutdown.target
After=nftables.service local-fs.target
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ProtectSystem=full
ProtectHome=true
ExecStart=/usr/sbin/nft -f ${RULES}
ExecReload=/usr/sbin/nft -f ${RULES}

[Install]
WantedBy=sysinit.target
`;
