# Sourced by the launcher `belfry` in a clone of the repository: the tools that building and testing need.
# shellcheck shell=bash

NEEDED_NODE=20.19

how_to_get_java() {
    cat >&2 <<HELP
belfry: no JDK $NEEDED_JAVA was found (looked at BELFRY_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm, ~/.sdkman, /opt).
On Debian 13 or newer and on Ubuntu:
    apt-get update && apt-get install -y openjdk-$NEEDED_JAVA-jdk-headless
On Debian 12, from Adoptium's own repository:
    apt-get update && apt-get install -y curl gpg
    curl -fsSL https://packages.adoptium.net/artifactory/api/gpg/key/public | gpg --dearmor -o /usr/share/keyrings/adoptium.gpg
    echo "deb [signed-by=/usr/share/keyrings/adoptium.gpg] https://packages.adoptium.net/artifactory/deb \$(. /etc/os-release && echo \$VERSION_CODENAME) main" > /etc/apt/sources.list.d/adoptium.list
    apt-get update && apt-get install -y temurin-$NEEDED_JAVA-jdk
Elsewhere: https://adoptium.net, then set BELFRY_JAVA_HOME to its folder.
HELP
}

how_to_get_node() {
    cat >&2 <<HELP
belfry: no Node $NEEDED_NODE or newer with npm was found; the web page is built with it.
    curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs
HELP
}

is_fit_node() {
    command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 || return 1
    [ "$(printf '%s\n' "$NEEDED_NODE" "$(node --version | tr -d v)" | sort -V | head -n 1)" = "$NEEDED_NODE" ]
}

is_root() { [ "$(id -u)" = 0 ]; }
can_install() { is_root && command -v apt-get >/dev/null 2>&1; }

APT_IS_FRESH=no
apt_install() {
    say "belfry: installing $* ..."
    if [ "$APT_IS_FRESH" = no ]; then
        apt-get update -qq >&2
        APT_IS_FRESH=yes
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

apt_has() { apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'; }

# Java is needed by every command; `$1 = install` lets it be installed when that is possible.
need_java() {
    if find_java; then return 0; fi
    if [ "${1:-}" = install ] && can_install; then
        apt-get update -qq >&2 && APT_IS_FRESH=yes
        local package
        for package in "openjdk-$NEEDED_JAVA-jdk-headless" "temurin-$NEEDED_JAVA-jdk"; do
            if apt_has "$package"; then
                apt_install "$package"
                if find_java; then return 0; fi
            fi
        done
    fi
    how_to_get_java
    exit 1
}

need_build_tools() {
    need_java "${1:-}"
    export JAVA_HOME=$JAVA_FOUND
    local missing=no
    if ! command -v mvn >/dev/null 2>&1; then
        if [ "${1:-}" = install ] && can_install; then
            apt_install maven
        else
            say "belfry: Maven was not found:  apt-get update && apt-get install -y maven"
            missing=yes
        fi
    fi
    if ! is_fit_node && [ "${1:-}" = install ] && can_install && ! command -v node >/dev/null; then
        apt_install nodejs npm
    fi
    if ! is_fit_node; then
        how_to_get_node
        missing=yes
    fi
    if [ "$missing" = yes ]; then exit 1; fi
}
