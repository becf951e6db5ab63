/**
 * The kernels on the JDK's Vector API. Needs {@code --add-modules jdk.incubator.vector} at run
 * time, so nothing refers to these classes but by name.
 */
package org.dl4jplasticity.kernel.vector;
