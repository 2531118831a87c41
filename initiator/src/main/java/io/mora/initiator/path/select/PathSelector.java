package io.mora.initiator.path.select;

/**
 * Chooses among paths that serve a namespace equally well by what their controllers say. Any
 * thread, many at once; allocates nothing.
 */
public interface PathSelector {
  /**
   * @param paths 1 or more, the same array until they change
   * @param latencyClass 0 to 7, as the command asks for
   * @param nowNs may be late by some ms
   * @return an index of the array
   */
  int select(PathLoad[] paths, int latencyClass, long nowNs);
}
