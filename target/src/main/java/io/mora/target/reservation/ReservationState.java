package io.mora.target.reservation;

import io.mora.protocol.HostId;
import io.mora.protocol.data.log.ReservationNotification;
import io.mora.protocol.reservation.Reservation;
import io.mora.protocol.reservation.ReservationReport;
import io.mora.protocol.reservation.ReservationReport.Registrant;
import io.mora.protocol.reservation.ReservationType;
import io.mora.protocol.status.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The registrants of a namespace and its reservation, at one moment. Immutable: every command is a
 * pure function to the next state.
 *
 * <p>A host is its host identifier, on whatever controller it comes.
 */
public final class ReservationState {
  /** Hosts that may be registered at once; one more is refused for lack of resources. */
  public static final int REGISTRANTS_MAX = 128;

  /** Nobody is registered. */
  public static final ReservationState NONE = new ReservationState(0, false, Map.of(), null, null);

  /** Who holds what nobody knows any more; no host connects with this identifier. */
  private static final HostId UNKNOWN_HOLDER = HostId.UNKNOWN;

  /**
   * There was a reservation, and what it said is lost: it keeps everybody out until a host
   * registers and clears it.
   */
  public static final ReservationState LOST =
      new ReservationState(0, true, Map.of(), ReservationType.EXCLUSIVE_ACCESS, UNKNOWN_HOLDER);

  private final int generation;

  /** It outlives the target (PTPL). */
  private final boolean persistent;

  /** In order of registration. */
  private final Map<HostId, Long> keys;

  private final @Nullable ReservationType type;

  /** Who acquired it, or the longest registered since that one left. */
  private final @Nullable HostId holder;

  private ReservationState(
      int generation,
      boolean persistent,
      Map<HostId, Long> keys,
      @Nullable ReservationType type,
      @Nullable HostId holder) {
    this.generation = generation;
    this.persistent = persistent;
    this.keys = keys;
    this.type = type;
    this.holder = holder;
  }

  /**
   * A state that was kept.
   *
   * @param keys of the registrants, in order of registration; at most {@link #REGISTRANTS_MAX}
   * @param type null for no reservation
   * @param holder of a reservation: a registrant, or who holds one that is lost
   * @throws IllegalArgumentException if this cannot have been one
   */
  static ReservationState restored(
      int generation,
      Map<HostId, Long> keys,
      @Nullable ReservationType type,
      @Nullable HostId holder) {
    if (keys.size() > REGISTRANTS_MAX) {
      throw new IllegalArgumentException(keys.size() + " registrants");
    }
    if ((type == null) != (holder == null)) {
      throw new IllegalArgumentException("a type without a holder, or a holder without a type");
    }
    if (holder != null && !keys.containsKey(holder) && !holder.equals(UNKNOWN_HOLDER)) {
      throw new IllegalArgumentException("the holder " + holder + " is no registrant");
    }
    Map<HostId, Long> copy = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    return new ReservationState(generation, true, copy, type, holder);
  }

  /** Another one that says the same. */
  ReservationState copy() {
    return new ReservationState(generation, persistent, keys, type, holder);
  }

  int generation() {
    return generation;
  }

  /** Keys by host, in order of registration. */
  Map<HostId, Long> keys() {
    return keys;
  }

  @Nullable ReservationType type() {
    return type;
  }

  @Nullable HostId holder() {
    return holder;
  }

  /** It outlives the target: PTPL is on. */
  public boolean isPersistent() {
    return persistent;
  }

  /** The same, kept through a loss of power from now on or not. */
  public ReservationOutcome persist(boolean wanted) {
    return wanted == persistent
        ? unchanged(Status.SUCCESS)
        : changed(new ReservationState(generation, wanted, keys, type, holder));
  }

  /** There is a reservation. */
  public boolean isHeld() {
    return type != null;
  }

  public boolean mayRead(HostId host) {
    return type == null || !type.keepsReaders() || isAdmitted(host, type);
  }

  public boolean mayWrite(HostId host) {
    return type == null || isAdmitted(host, type);
  }

  private boolean isAdmitted(HostId host, ReservationType held) {
    return held.admitsRegistrants() ? keys.containsKey(host) : host.equals(holder);
  }

  private boolean isHolder(HostId host) {
    return type != null && (type.heldByAll() ? keys.containsKey(host) : host.equals(holder));
  }

  /** As Reservation Report tells it. */
  public ReservationReport report() {
    List<Registrant> registrants = new ArrayList<>();
    keys.forEach(
        (host, key) ->
            registrants.add(new Registrant(ReservationReport.DYNAMIC, isHolder(host), key, host)));
    return new ReservationReport(
        generation, type == null ? 0 : type.code(), persistent, registrants);
  }

  // --- Register

  /**
   * @param action RREGA
   * @param ignoreKey IEKEY
   */
  public ReservationOutcome register(
      HostId host, int action, boolean ignoreKey, long currentKey, long newKey) {
    Long known = keys.get(host);
    if (action == Reservation.REGISTER) {
      if (known != null) {
        return known == newKey ? unchanged(Status.SUCCESS) : conflict();
      }
      return keys.size() == REGISTRANTS_MAX
          ? unchanged(Status.INSUFFICIENT_RESOURCES)
          : changed(withKey(host, newKey));
    }
    if (known == null || !ignoreKey && known != currentKey) {
      return conflict();
    }
    if (action == Reservation.REPLACE) {
      return changed(withKey(host, newKey));
    }
    return remove(Set.of(host), host);
  }

  private ReservationState withKey(HostId host, long key) {
    Map<HostId, Long> next = new LinkedHashMap<>(keys);
    next.put(host, key);
    return new ReservationState(
        generation + 1, persistent, Collections.unmodifiableMap(next), type, holder);
  }

  // --- Acquire

  public ReservationOutcome acquire(HostId host, ReservationType wanted, long currentKey) {
    if (!holdsKey(host, currentKey)) {
      return conflict();
    }
    if (type == null) {
      return changed(new ReservationState(generation, persistent, keys, wanted, host));
    }
    return isHolder(host) && type == wanted ? unchanged(Status.SUCCESS) : conflict();
  }

  /** Preempt, of a registration or of the reservation. */
  public ReservationOutcome preempt(
      HostId host, ReservationType wanted, long currentKey, long preemptedKey) {
    if (!holdsKey(host, currentKey)) {
      return conflict();
    }
    if (type != null && type.heldByAll() && preemptedKey == 0) {
      return takeOver(host, wanted, each -> true);
    }
    Predicate<HostId> hasKey = each -> holdsKey(each, preemptedKey);
    if (type != null && !type.heldByAll()) {
      if (holder != null && holdsKey(holder, preemptedKey)) {
        return takeOver(host, wanted, hasKey);
      }
      if (preemptedKey == 0) {
        return unchanged(Status.INVALID_FIELD);
      }
    }
    Set<HostId> gone = hosts(hasKey);
    return gone.isEmpty() ? conflict() : remove(gone, host);
  }

  /** The host becomes the holder, whatever was; those of the others that are meant go. */
  private ReservationOutcome takeOver(
      HostId host, ReservationType wanted, Predicate<HostId> meant) {
    Set<HostId> gone = hosts(meant.and(each -> !each.equals(host)));
    Map<HostId, Long> left = new LinkedHashMap<>(keys);
    left.keySet().removeAll(gone);
    List<ReservationNotice> notices =
        notices(gone, host, ReservationNotification.REGISTRATION_PREEMPTED);
    if (type != wanted) {
      notices.addAll(notices(left.keySet(), host, ReservationNotification.RESERVATION_RELEASED));
    }
    ReservationState next =
        new ReservationState(
            generation + 1, persistent, Collections.unmodifiableMap(left), wanted, host);
    return new ReservationOutcome(next, Status.SUCCESS, notices, gone);
  }

  // --- Release

  public ReservationOutcome release(HostId host, ReservationType wanted, long currentKey) {
    if (!holdsKey(host, currentKey)) {
      return conflict();
    }
    if (!isHolder(host)) {
      return unchanged(Status.SUCCESS);
    }
    if (type != wanted) {
      return unchanged(Status.INVALID_FIELD);
    }
    List<ReservationNotice> notices =
        wanted.admitsRegistrants()
            ? notices(keys.keySet(), host, ReservationNotification.RESERVATION_RELEASED)
            : List.of();
    ReservationState next = new ReservationState(generation, persistent, keys, null, null);
    return new ReservationOutcome(next, Status.SUCCESS, notices, Set.of());
  }

  /** Ends the reservation and all registrations. */
  public ReservationOutcome clear(HostId host, long currentKey) {
    if (!holdsKey(host, currentKey)) {
      return conflict();
    }
    List<ReservationNotice> notices =
        notices(keys.keySet(), host, ReservationNotification.RESERVATION_PREEMPTED);
    ReservationState next = new ReservationState(generation + 1, persistent, Map.of(), null, null);
    return new ReservationOutcome(next, Status.SUCCESS, notices, Set.of());
  }

  // --- what several do

  /** Registrations end: by their own host, or because another one preempts them. */
  private ReservationOutcome remove(Set<HostId> gone, HostId by) {
    Map<HostId, Long> left = new LinkedHashMap<>(keys);
    left.keySet().removeAll(gone);
    List<ReservationNotice> notices =
        notices(gone, by, ReservationNotification.REGISTRATION_PREEMPTED);
    Set<HostId> preempted =
        gone.stream().filter(each -> !each.equals(by)).collect(Collectors.toSet());
    ReservationType nextType = type;
    HostId nextHolder = holder;
    if (type != null && holder != null && gone.contains(holder)) {
      if (type.heldByAll() && !left.isEmpty()) {
        nextHolder = left.keySet().iterator().next();
      } else {
        nextType = null;
        nextHolder = null;
        if (type.admitsRegistrants()) {
          notices.addAll(notices(left.keySet(), by, ReservationNotification.RESERVATION_RELEASED));
        }
      }
    }
    ReservationState next =
        new ReservationState(
            generation + 1, persistent, Collections.unmodifiableMap(left), nextType, nextHolder);
    return new ReservationOutcome(next, Status.SUCCESS, notices, preempted);
  }

  private boolean holdsKey(HostId host, long key) {
    Long known = keys.get(host);
    return known != null && known == key;
  }

  private Set<HostId> hosts(Predicate<HostId> which) {
    return keys.keySet().stream().filter(which).collect(Collectors.toSet());
  }

  /** Everybody of them but who caused it. */
  private static List<ReservationNotice> notices(Set<HostId> hosts, HostId by, int what) {
    List<ReservationNotice> notices = new ArrayList<>();
    for (HostId host : hosts) {
      if (!host.equals(by)) {
        notices.add(new ReservationNotice(host, what));
      }
    }
    return notices;
  }

  private ReservationOutcome conflict() {
    return unchanged(Status.RESERVATION_CONFLICT);
  }

  /** Nothing came of a command. */
  ReservationOutcome unchanged(int status) {
    return new ReservationOutcome(this, status, List.of(), Set.of());
  }

  private static ReservationOutcome changed(ReservationState next) {
    return new ReservationOutcome(next, Status.SUCCESS, List.of(), Set.of());
  }
}
