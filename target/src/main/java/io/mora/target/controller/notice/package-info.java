/** What a controller has to tell its host, until the host has read it. The home shard only. */
@NullMarked
package io.mora.target.controller.notice;

import org.jspecify.annotations.NullMarked;
