/// Tests of what no single class can show: who may know whom, and whether the documents are true.
/// Start at [ArchitectureTest].
@NullMarked
package io.javelin.server.architecture;

import org.jspecify.annotations.NullMarked;
