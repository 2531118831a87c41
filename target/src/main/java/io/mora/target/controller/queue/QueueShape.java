package io.mora.target.controller.queue;

/**
 * A queue pair as Connect asked for it.
 *
 * @param qid 0 for the admin queue
 * @param depth entries: SQSIZE + 1
 * @param flowDisabled no SQ flow control
 */
public record QueueShape(int qid, int depth, boolean flowDisabled) {}
