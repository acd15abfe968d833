package dev.weir.ingester.backend;

/**
 * An object that is there.
 *
 * @param key its key
 * @param size its size in bytes
 */
public record BackendEntry(ObjectKey key, long size) {}
