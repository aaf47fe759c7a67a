using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace CrmBehavior.Pipeline.Ports;

/// <summary>The CRM: contacts to read, rows to write, definitions to follow.</summary>
public interface ICrmGateway
{
    /// <summary>The contact with an address: active ones first, then the one changed last, then the lowest id.</summary>
    /// <param name="email">The address.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Its id, or null when no contact has it.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<Guid?> FindContactAsync(string email, CancellationToken cancellation);

    /// <summary>Whether there is a contact with an id.</summary>
    /// <param name="contact">The id.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>True if so.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<bool> HasContactAsync(Guid contact, CancellationToken cancellation);

    /// <summary>Creates a contact under an id of ours.</summary>
    /// <param name="contact">The id.</param>
    /// <param name="columns">Its columns: text, numbers, true or false.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when there was one with that id already.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<bool> CreateContactAsync(Guid contact, IReadOnlyDictionary<string, object?> columns, CancellationToken cancellation);

    /// <summary>Whether a user of the CRM may read a contact: asked of the CRM itself, as that user.</summary>
    /// <param name="user">Id of the user's row.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False also where there is no such user or contact.</returns>
    /// <exception cref="CrmException">The CRM did not answer.</exception>
    Task<bool> MayReadContactAsync(Guid user, Guid contact, CancellationToken cancellation);

    /// <summary>The address to which a user of the CRM gets mail.</summary>
    /// <param name="user">Id of the user's row.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The address, or null when there is none.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<string?> FindUserAddressAsync(Guid user, CancellationToken cancellation);

    /// <summary>Reads columns of contacts, with the label of choices and the name of lookups under <c>&lt;column&gt;name</c>.</summary>
    /// <param name="contacts">Which.</param>
    /// <param name="columns">Logical names; unknown ones are left out.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Columns by contact; contacts that are gone are left out.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadContactsAsync(
        IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> columns, CancellationToken cancellation);

    /// <summary>Writes rows; each has a result of its own, one bad row fails no other.</summary>
    /// <param name="writes">What to write.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>A result for each, in order.</returns>
    Task<IReadOnlyList<CrmResult>> WriteAsync(IReadOnlyList<CrmWrite> writes, CancellationToken cancellation);

    /// <summary>The definitions that are live or paused, in their published version.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The definitions.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<IReadOnlyList<PublishedDefinition>> ReadDefinitionsAsync(CancellationToken cancellation);

    /// <summary>Publishes definitions: creates a row as live, or writes the draft of the row there is and publishes it.</summary>
    /// <param name="definitions">Kind, name and JSON.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>What was published, in words; what was unchanged is left out.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<(string Kind, string Name, string Json)> definitions, string reason, CancellationToken cancellation);

    /// <summary>The value of an environment variable of the solution, or null.</summary>
    /// <param name="name">Its schema name.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The value.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    Task<string?> FindVariableAsync(string name, CancellationToken cancellation);
}

/// <summary>A row to be written in the CRM.</summary>
public abstract record CrmWrite;

/// <summary>A row is created under an id of ours; when it is there already, it is done.</summary>
/// <param name="Set">Entity set.</param>
/// <param name="Id">Primary key.</param>
/// <param name="Columns">Columns, and bindings of lookups as <c>name@odata.bind</c>.</param>
/// <param name="Complete">Whether it is an activity that ends completed.</param>
public sealed record CreateRow(string Set, Guid Id, IReadOnlyDictionary<string, object?> Columns, bool Complete = false) : CrmWrite;

/// <summary>Columns are set on a row, which is made if it is not there.</summary>
/// <param name="Set">Entity set.</param>
/// <param name="Id">Primary key.</param>
/// <param name="Columns">Columns, and bindings of lookups.</param>
public sealed record UpsertRow(string Set, Guid Id, IReadOnlyDictionary<string, object?> Columns) : CrmWrite;

/// <summary>Columns are set on a row that must be there.</summary>
/// <param name="Set">Entity set.</param>
/// <param name="Id">Primary key.</param>
/// <param name="Columns">Columns.</param>
public sealed record UpdateRow(string Set, Guid Id, IReadOnlyDictionary<string, object?> Columns) : CrmWrite;

/// <summary>A contact has a tag, or has it no more.</summary>
/// <param name="Contact">The contact.</param>
/// <param name="Tag">Name of the tag; its row is made if there is none.</param>
/// <param name="Wanted">Whether it shall have it.</param>
public sealed record SetTag(Guid Contact, string Tag, bool Wanted) : CrmWrite;

/// <summary>A task is in a queue; when it is in another it moves. A task made by the same list of writes is made first.</summary>
/// <param name="Task">Primary key of the task.</param>
/// <param name="Queue">Name of the queue.</param>
public sealed record QueueTask(Guid Task, string Queue) : CrmWrite;

/// <summary>How a write came out.</summary>
public enum CrmOutcome
{
    /// <summary>It is written.</summary>
    Done,

    /// <summary>It was as wanted already, and not by this attempt.</summary>
    WasSo,

    /// <summary>The row or what it refers to is gone.</summary>
    Gone,

    /// <summary>To be tried again.</summary>
    Retry,

    /// <summary>Refused for good.</summary>
    Refused,
}

/// <summary>The result of a write.</summary>
/// <param name="Outcome">How it came out.</param>
/// <param name="Reason">Why it was not written, in the CRM's words.</param>
/// <param name="After">How long to wait before the next attempt, where the CRM says so.</param>
public readonly record struct CrmResult(CrmOutcome Outcome, string? Reason = null, TimeSpan? After = null);

/// <summary>The CRM did not answer, or refused.</summary>
public sealed class CrmException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="isTransient">Whether it may come out otherwise later.</param>
    /// <param name="code">The CRM's own error code, or null.</param>
    /// <param name="inner">What lies behind it.</param>
    public CrmException(string message, bool isTransient, string? code = null, Exception? inner = null) : base(message, inner)
    {
        IsTransient = isTransient;
        Code = code;
    }

    /// <summary>Whether it may come out otherwise later.</summary>
    public bool IsTransient { get; }

    /// <summary>The CRM's own error code, as <c>0x80040217</c>, or null.</summary>
    public string? Code { get; }

    /// <summary>How long to wait, where the CRM says so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
