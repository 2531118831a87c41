package io.mora.cli.floor;

/**
 * How long a floor is measured.
 *
 * @param warmupNs before the part that counts
 * @param countedNs the part that counts
 */
public record Span(long warmupNs, long countedNs) {}
