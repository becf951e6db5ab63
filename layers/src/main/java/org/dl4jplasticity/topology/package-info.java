/**
 * Which connections of a layer exist. A {@link org.dl4jplasticity.topology.SparseTopology} is an
 * immutable, validated value; a change yields a new topology together with the map from its
 * positions to the old ones. {@link org.dl4jplasticity.topology.ConnectionIds} writes any list of
 * connections as text.
 */
package org.dl4jplasticity.topology;
