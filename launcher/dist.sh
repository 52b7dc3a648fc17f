# Sourced by the launcher `belfry` in a clone of the repository: the distribution.
# shellcheck shell=bash

JLINK_MODULES=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management
JLINK_MODULES=$JLINK_MODULES,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql
JLINK_MODULES=$JLINK_MODULES,java.transaction.xa,java.xml,jdk.crypto.ec,jdk.incubator.vector,jdk.jfr
JLINK_MODULES=$JLINK_MODULES,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs

name_of_system() {
    local machine
    machine=$(uname -m)
    case $machine in x86_64 | amd64) machine=x64 ;; arm64) machine=aarch64 ;; esac
    printf '%s-%s' "$(uname -s | tr '[:upper:]' '[:lower:]')" "$machine"
}

command_dist() {
    build_server
    need_build_tools
    local name folder
    name=belfry-$VERSION-$(name_of_system)
    folder=$ROOT/target/$name
    rm -rf "$folder" "$folder.tar.gz"
    mkdir -p "$folder/lib"
    say "belfry: linking a Java runtime ..."
    "$JAVA_FOUND/bin/jlink" --add-modules "$JLINK_MODULES" --output "$folder/runtime" \
        --no-header-files --no-man-pages --strip-java-debug-attributes --compress zip-6
    cp -p "$LIBRARIES"/*.jar "$folder/lib/"
    if [ -d "$LIBRARIES/native" ]; then cp -Rp "$LIBRARIES/native" "$folder/lib/"; fi
    cp -p "$ROOT/belfry" "$ROOT/LICENSE" "$ROOT/README.md" "$ROOT/CHANGELOG.md" "$folder/"
    printf '%s\n' "$VERSION" >"$folder/VERSION"
    train "$folder" "$folder/runtime" || true
    (cd "$ROOT/target" && tar -czf "$name.tar.gz.new" "$name" && mv "$name.tar.gz.new" "$name.tar.gz")
    say "belfry: $folder.tar.gz"
}
