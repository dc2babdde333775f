#!/bin/sh
# Makes pictures of twelve states of the window, as PNG, with the program's own --picture.
#
#   cargo build --release && docs/screenshots.sh target/release/delivery-inspector pictures
#
# Needs a screen; without one (no DISPLAY) it starts Xvfb for itself.
set -eu
program=${1:?the program, such as target/release/delivery-inspector}
out=${2:?a folder for the pictures}
samples=$(cd "$(dirname "$0")/../sample-sessions" && pwd)
mkdir -p "$out"
work=$(mktemp -d)
server=
trap 'rm -rf "$work"; [ -z "$server" ] || kill "$server"' EXIT
if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    export DISPLAY=:${SCREEN_NUMBER:-99}
    Xvfb "$DISPLAY" -screen 0 2100x1400x24 >"$work/xvfb.log" 2>&1 &
    server=$!
    sleep 2
fi

picture() {
    name=$1
    shift
    timeout "${LONGEST:-120}" "$program" --picture "$out/$name.png" "$@"
    echo "$out/$name.png"
}

cat >"$work/live.plan.json" <<'PLAN'
{"format": "delivery-plan", "version": 1, "name": "Live run", "destination": "pendo-audiences",
 "action": "syncAudience", "clock": "wall", "spread": "60 s", "seed": 3,
 "settings": {"integrationKey": "key-of-the-picture", "region": "EU"},
 "pipeline": {"max_attempts": 6, "base_delay": "2 s", "max_delay": "20 s", "jitter": 0.5},
 "simulator": {"latency_ms": [300, 1500], "pendo": {"write_ms": 400}},
 "events": [
PLAN
for number in $(seq 1 60); do
    [ "$number" = 1 ] || echo , >>"$work/live.plan.json"
    cat >>"$work/live.plan.json" <<EVENT
{"type": "track", "event": "Audience Entered", "messageId": "m-$number", "userId": "user-$number",
 "timestamp": "2026-11-22T07:31:02Z", "properties": {"audience_key": "beta", "beta": true},
 "context": {"personas": {"computation_class": "audience", "computation_id": "aud_1", "computation_key": "beta",
  "external_audience_id": "seg-beta"}}}
EVENT
done
echo "]}" >>"$work/live.plan.json"

cat >"$work/broken.plan.json" <<'PLAN'
{"format": "delivery-plan", "version": 1, "name": "A strategy that Pendo does not have",
 "destination": "pendo-audiences", "action": "syncAudience", "deduplication": "profile-trait", "simulator": {},
 "settings": {"integrationKey": "key-of-the-picture", "region": "EU"},
 "events": [{"type": "track", "event": "Audience Entered", "messageId": "m-1", "userId": "user-1"}]}
PLAN

"$program" generate --attempts "${ATTEMPTS:-1000000}" --out "$work/dense.session.jsonl" >/dev/null

picture 01-first-run
picture 02-live-run --fire --after 25 "$work/live.plan.json"
picture 03-dense-timeline "$work/dense.session.jsonl"
picture 04-verdict-with-proof --select m-7f22/1 "$samples/token-propagation.session.jsonl"
picture 05-token-race "$samples/refresh-race.session.jsonl"
picture 06-duplicate-ledger --select m-9001/2 "$samples/stale-trait-duplicate.session.jsonl"
picture 07-batch-thread --theme light "$samples/batch-reformed.session.jsonl"
picture 08-filter-error --filter 'verdict:lost or attempt>many' "$samples/pendo-busy.session.jsonl"
picture 09-composer-error "$work/broken.plan.json"
picture 10-high-contrast --theme high-contrast "$samples/pendo-busy.session.jsonl"
picture 11-small-window --size 1000x640 "$samples/pendo-busy-batch.session.jsonl"
picture 12-twice-as-large --size 2000x1280 --zoom 2 "$samples/refresh-fails.session.jsonl"
