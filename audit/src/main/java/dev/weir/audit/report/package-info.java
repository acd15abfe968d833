/** What the audit found, for people and for programs. */
@NullMarked
package dev.weir.audit.report;

import org.jspecify.annotations.NullMarked;
