package io.mora.cli;

import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExitCodeExceptionMapper;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into lines for a person and a number for a script. */
final class FailureReport
    implements IExecutionExceptionHandler, IParameterExceptionHandler, IExitCodeExceptionMapper {
  /** Status 82h means Connect's parameters of a fabrics command only. */
  private static final int FABRICS = 0x7F;

  @Override
  public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
    Throwable failure = unwrap(thrown);
    if (failure instanceof ParameterException wrong) {
      return handleParseException(wrong, parsed.originalArgs().toArray(new String[0]));
    }
    PrintWriter err = command.getErr();
    err.println(command.getCommandSpec().qualifiedName() + ": " + message(failure));
    if (command.getParseResult().hasMatchedOption("--verbose")) {
      failure.printStackTrace(err);
    }
    err.flush();
    return getExitCode(failure);
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    PrintWriter err = command.getErr();
    err.println(name + ": " + wrong.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("Try '" + name + " --help'.");
    }
    err.flush();
    return ExitCodes.USAGE;
  }

  @Override
  public int getExitCode(Throwable thrown) {
    Throwable failure = unwrap(thrown);
    if (failure instanceof CliException cli) {
      return cli.exitCode();
    } else if (failure instanceof CommandException command) {
      return Status.code(command.status()) == Status.CONNECT_INVALID_HOST
          ? ExitCodes.REFUSED
          : ExitCodes.FAILED;
    } else if (failure instanceof ConnectionException connection) {
      return exitCode(connection.reason());
    } else if (failure instanceof TimeoutException) {
      return ExitCodes.TIMEOUT;
    } else if (failure instanceof RejectedExecutionException) {
      return ExitCodes.FAILED;
    } else if (failure instanceof IllegalArgumentException) {
      return ExitCodes.USAGE;
    } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      return ExitCodes.LOCAL_IO;
    }
    return failure instanceof InterruptedException ? ExitCodes.INTERRUPTED : ExitCodes.DEFECT;
  }

  private static int exitCode(ConnectionException.Reason reason) {
    return switch (reason) {
      case UNREACHABLE, LOST, NO_PATH, GIVEN_UP -> ExitCodes.UNAVAILABLE;
      case TIMEOUT -> ExitCodes.TIMEOUT;
      case PROTOCOL_ERROR, TERMINATED_BY_PEER, INCOMPATIBLE -> ExitCodes.PROTOCOL;
      case UNAUTHENTICATED -> ExitCodes.REFUSED;
      case CONTROLLER_FAILED, CLOSED -> ExitCodes.FAILED;
    };
  }

  private String message(Throwable failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    int exitCode = getExitCode(failure);
    if (exitCode == ExitCodes.DEFECT) {
      return failure + "\nThis is a defect in mora. Run again with --verbose and report it.";
    }
    if (failure instanceof CommandException && exitCode == ExitCodes.REFUSED) {
      return text + "\nThe subsystem does not allow this host. Allow its NQN, or pass --hostnqn.";
    }
    if (failure instanceof CommandException command
        && command.opcode() == FABRICS
        && Status.code(command.status()) == Status.CONNECT_INVALID_PARAMETERS) {
      return text + "\nIs --nqn right? 'mora discover' lists what there is.";
    }
    if (failure instanceof ConnectionException connection) {
      return text + "\n" + advice(connection.reason());
    }
    return text;
  }

  private static String advice(ConnectionException.Reason reason) {
    return switch (reason) {
      case UNREACHABLE ->
          "Check --traddr and --trsvcid, that the target runs, and what lies between.";
      case TIMEOUT -> "The other side is slow or gone; try again, or allow more time (--timeout).";
      case LOST, NO_PATH, GIVEN_UP -> "The target may have been stopped; try again when it runs.";
      case PROTOCOL_ERROR, TERMINATED_BY_PEER, INCOMPATIBLE ->
          "Is it an NVMe/TCP controller that listens there? Discovery uses port 8009.";
      case UNAUTHENTICATED ->
          "Does --dhchap-secret (or the TLS key) belong to this host's NQN, and is it the target's? See"
              + " its log.";
      case CONTROLLER_FAILED, CLOSED -> "See the target's log.";
    };
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable failure = thrown;
    while ((failure instanceof CompletionException || failure instanceof ExecutionException)
        && failure.getCause() != null) {
      failure = failure.getCause();
    }
    return failure;
  }
}
