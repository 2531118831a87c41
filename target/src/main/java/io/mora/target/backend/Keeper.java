package io.mora.target.backend;

/** On whose account what a read brings may be kept in memory; the hot tier's own. */
public interface Keeper {}
