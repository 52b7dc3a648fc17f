#!/usr/bin/env bash
# Builds the page when its sources have changed (`build`), or checks it (`test`). Called by Maven.
set -euo pipefail
cd -- "$(dirname -- "$0")"
unset NODE_OPTIONS

fail() { printf 'ui: %s\n' "$*" >&2; exit 1; }

command -v npm >/dev/null 2>&1 || fail "npm was not found; the web page is built with Node 20.19 or newer"

digest_of() { find "$@" -type f -exec cksum {} + 2>/dev/null | LC_ALL=C sort | cksum; }

install_packages() {
    local mark=node_modules/.belfry-lock digest
    digest=$(digest_of package-lock.json)
    if [ -f "$mark" ] && [ "$(cat "$mark")" = "$digest" ]; then return 0; fi
    npm ci --no-audit --no-fund --loglevel=error
    printf '%s\n' "$digest" >"$mark"
}

build() {
    local mark=target/page-digest digest output=target/classes/dev/belfry/ui/static/index.html
    digest=$(digest_of build.sh index.html package.json package-lock.json public src ./*.config.ts tsconfig*.json)
    if [ -f "$output" ] && [ "$(cat "$mark" 2>/dev/null)" = "$digest" ]; then return 0; fi
    install_packages
    npm run --silent build -- --logLevel warn
    mkdir -p target
    printf '%s\n' "$digest" >"$mark"
}

check() {
    install_packages
    npm run --silent lint
    npm test --silent -- --reporter=default --reporter=junit \
        --outputFile.junit=target/surefire-reports/TEST-page.xml
}

case ${1:-} in
    build) build ;;
    test)
        case ${SKIP_TESTS:-} in *true*) exit 0 ;; esac
        check
        ;;
    *) fail "${1:-nothing} (expected: build or test)" ;;
esac
