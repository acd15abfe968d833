/** Cases as data: spans and settings in, samples out, through the real code. */
@NullMarked
package dev.weir.streams.golden;

import org.jspecify.annotations.NullMarked;
