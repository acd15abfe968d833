/**
 * The topology over a part of the log, under an application id of its own, beside whatever runs:
 * what replays, snapshots and plans are made with.
 */
@NullMarked
package dev.weir.allinone.shadow;

import org.jspecify.annotations.NullMarked;
