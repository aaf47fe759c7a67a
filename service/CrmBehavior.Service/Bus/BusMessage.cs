using System;

namespace CrmBehavior.Service.Bus;

/// <summary>A message under peek-lock.</summary>
/// <param name="Id">Message id, or sequence number.</param>
/// <param name="LockToken">Settles it.</param>
/// <param name="LockedFor">How long the lock lasts from its receipt.</param>
/// <param name="DeliveryCount">Which delivery, from 1.</param>
/// <param name="Body">The body.</param>
internal sealed record BusMessage(string Id, string LockToken, TimeSpan LockedFor, int DeliveryCount, byte[] Body);

/// <summary>The bus did not answer, or refused.</summary>
internal sealed class BusException(string message, Exception? inner = null) : Exception(message, inner);
