package org.apache.beam.runners.flink;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.vendor.guava.v32_1_2_jre.com.google.common.hash.Hashing;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;
import org.jspecify.annotations.NullMarked;

/**
 * Which state of a savepoint or checkpoint no operator of a job takes over, and which operators
 * find none there.
 *
 * <p>The question is Flink's own, asked before a running job is stopped for it. A savepoint knows
 * operators by a hash of their names alone; the names are those that the release before noted.
 */
@NullMarked
final class StateLeftBehind {
  private StateLeftBehind() {}

  /**
   * Names of the operators that hold state in the savepoint and are not in the job, sorted.
   *
   * @param savepoint its folder as a path or address
   * @param namesBefore operators of the release that left it; what is missing here is told by its
   *     hash
   */
  static List<String> of(String savepoint, JobGraph job, List<String> namesBefore)
      throws IOException {
    Map<OperatorID, String> names = new HashMap<>();
    namesBefore.forEach(name -> names.put(id(name), name));
    Set<OperatorID> known = operators(job);
    List<String> left = new ArrayList<>();
    for (OperatorState state : states(savepoint)) {
      OperatorID operator = state.getOperatorID();
      boolean holdsSomething =
          state.getCoordinatorState() != null
              || state.getStates().stream().anyMatch(OperatorSubtaskState::hasState);
      if (holdsSomething && !known.contains(operator)) {
        left.add(names.getOrDefault(operator, "operator " + operator.toHexString()));
      }
    }
    return left.stream().sorted().toList();
  }

  /**
   * The other way round: of these operators those that the savepoint knows nothing of, sorted. One
   * that it knows may have held nothing; one that it does not know was not there.
   */
  static List<String> unknown(String savepoint, Collection<String> operators) throws IOException {
    Set<OperatorID> known = new HashSet<>();
    states(savepoint).forEach(state -> known.add(state.getOperatorID()));
    return operators.stream().filter(name -> !known.contains(id(name))).sorted().toList();
  }

  /** The id that Flink gives to an operator of this name. */
  static OperatorID id(String name) {
    return new OperatorID(
        Hashing.murmur3_128(0).hashString(name, StandardCharsets.UTF_8).asBytes());
  }

  private static Iterable<OperatorState> states(String savepoint) throws IOException {
    CompletedCheckpointStorageLocation location =
        AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(savepoint);
    try (DataInputStream metadata =
        new DataInputStream(location.getMetadataHandle().openInputStream())) {
      return Checkpoints.loadCheckpointMetadata(
              metadata, StateLeftBehind.class.getClassLoader(), savepoint)
          .getOperatorStates();
    }
  }

  private static Set<OperatorID> operators(JobGraph job) {
    Set<OperatorID> operators = new HashSet<>();
    for (JobVertex vertex : job.getVertices()) {
      for (OperatorIDPair pair : vertex.getOperatorIDs()) {
        operators.add(pair.getGeneratedOperatorID());
        pair.getUserDefinedOperatorID().ifPresent(operators::add);
      }
    }
    return operators;
  }
}
