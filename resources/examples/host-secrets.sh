#!/bin/sh
# Makes the secrets that host.yaml and hypervisor.yaml refer to, with random passwords that nobody knows. For a throw-away host.
set -eu
umask 077
mkdir -p /etc/phoenix/secrets
head -c 32 /dev/urandom | base64 | openssl passwd -6 -stdin > /etc/phoenix/secrets/phoenix_admin.hash
head -c 32 /dev/urandom | base64 > /etc/phoenix/secrets/phoenix_admin.samba
