/** The settings of the audit. Those that it shares with the streams app have the same names. */
@NullMarked
package dev.weir.audit.config;

import org.jspecify.annotations.NullMarked;
