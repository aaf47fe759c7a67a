using System;

namespace CrmBehavior.Storage;

/// <summary>What every store needs to know.</summary>
public abstract class StoreOptions
{
    /// <summary>Where the data lies; its form goes by store.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Who leases effects, for people who look into the table: unique per start of a process.</summary>
    public required string LeaseOwner { get; init; }

    /// <summary>
    /// The secret under which erased contacts are remembered, at least 16 bytes. It must stay the same for the life of the data: with
    /// another one, erased contacts are known no more. Without one the store makes its own at its first migration and keeps it beside the data;
    /// one from outside also hides from a thief of the database whether somebody whose id he knows was erased.
    /// </summary>
    /// <value>The default is none.</value>
    public byte[]? ErasureKey { get; init; }

    /// <summary>The wall clock for leases and delays of the outbox; never the product's clock, which may be simulated.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The most that one statement may take, and the most that a lock is waited for; 1 second to 1 hour.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Refuses what cannot work, naming the setting.</summary>
    /// <exception cref="ArgumentException">A setting is missing or out of range.</exception>
    internal void Check()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            throw new ArgumentException($"{nameof(ConnectionString)} is empty: name the database.");
        if (string.IsNullOrWhiteSpace(LeaseOwner))
            throw new ArgumentException($"{nameof(LeaseOwner)} is empty: name the process, differently at each start.");
        if (ErasureKey is { Length: < 16 })
            throw new ArgumentException($"{nameof(ErasureKey)} has {ErasureKey.Length} bytes: at least 16 are needed.");
        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromHours(1))
            throw new ArgumentException($"{nameof(CommandTimeout)} is {CommandTimeout}: it must be between 1 second and 1 hour.");
    }

    /// <summary>Milliseconds since 1970 by the wall clock.</summary>
    internal long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
