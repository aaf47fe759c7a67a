using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Batch;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Contacts;
using CrmBehavior.Dataverse.Definitions;
using CrmBehavior.Dataverse.Metadata;
using CrmBehavior.Dataverse.Tags;
using CrmBehavior.Dataverse.Variables;
using CrmBehavior.Dataverse.Writing;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse;

/// <summary>
/// Dataverse behind the pipeline's port, by its Web API v9.2. One object serves the whole process: it holds the gate that all requests
/// pass, and what is known of the environment. May be used by many threads at once.
/// </summary>
public sealed class DataverseGateway : ICrmGateway, IContactChanges, IDisposable
{
    readonly WebApi api;
    readonly ContactFinder finder;
    readonly ContactReader reader;
    readonly UserReader users;
    readonly CrmWriter writer;
    readonly DefinitionFeed feed;
    readonly DefinitionPublisher publisher;
    readonly EnvironmentVariables variables;
    readonly ContactChangeFeed changes;

    /// <summary>A gateway.</summary>
    /// <param name="options">Settings, without problems.</param>
    /// <param name="time">The real clock, by which waits and kept readings go; null for the machine's.</param>
    /// <exception cref="ArgumentException">The settings have problems.</exception>
    public DataverseGateway(CrmOptions options, TimeProvider? time = null) : this(options, null, time)
    {
    }

    internal DataverseGateway(CrmOptions options, TokenSource? tokens, TimeProvider? time)
    {
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        TimeProvider clock = time ?? TimeProvider.System;
        api = new WebApi(options, tokens ?? TokenSource.Of(options, clock), clock);
        var batches = new BatchRunner(api, clock);
        finder = new ContactFinder(api);
        users = new UserReader(api);
        reader = new ContactReader(api, new TableColumns(api, clock));
        var rows = new RowWriter(api, new TableCatalog(api, clock), batches, new BulkSizes());
        writer = new CrmWriter(rows, new TagWriter(api, batches), new QueueWriter(api, batches, clock), clock);
        feed = new DefinitionFeed(api, clock);
        publisher = new DefinitionPublisher(api);
        variables = new EnvironmentVariables(api, clock);
        changes = new ContactChangeFeed(api);
    }

    /// <summary>How many requests run, how many may, and how long the CRM asks to be left alone; for monitoring.</summary>
    public (int Running, int Limit, TimeSpan Closed) Load => api.Gate.Load;

    /// <inheritdoc/>
    public Task<Guid?> FindContactAsync(string email, CancellationToken cancellation) => UnexpectedAnswer.GuardAsync(finder.FindAsync(email, cancellation));

    /// <inheritdoc/>
    public Task<bool> HasContactAsync(Guid contact, CancellationToken cancellation) => UnexpectedAnswer.GuardAsync(finder.HasAsync(contact, cancellation));

    /// <inheritdoc/>
    public async Task<bool> CreateContactAsync(Guid contact, IReadOnlyDictionary<string, object?> columns, CancellationToken cancellation)
    {
        foreach ((string column, object? value) in columns)
            if (RowJson.Problem(column, value) is { } problem) throw new CrmException(problem, isTransient: false);
        var unit = new RowUnit(RowDeed.Create, "contacts", contact, columns);
        CrmFault? fault = (await api.TrySendAsync(WebApiCall.Post("contacts", RowJson.Single(unit, "contactid", new Dictionary<string, string>())),
            cancellation)).Fault;
        if (fault is null) return true;
        // A duplicate may be ours, or one that a rule of the customer's finds elsewhere.
        if (fault.IsDuplicate && await finder.HasAsync(contact, cancellation)) return false;
        throw fault.ToException();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Whole numbers and choices are <see cref="long"/>, other numbers <see cref="double"/>; the table that a lookup leads to is under
    /// <c>&lt;column&gt;type</c>; a column without a value is null.
    /// </remarks>
    public Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadContactsAsync(
        IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> columns, CancellationToken cancellation) =>
        UnexpectedAnswer.GuardAsync(reader.ReadAsync(contacts, columns, cancellation));

    /// <inheritdoc/>
    public Task<bool> MayReadContactAsync(Guid user, Guid contact, CancellationToken cancellation) => UnexpectedAnswer.GuardAsync(users.MayReadAsync(user, contact, cancellation));

    /// <inheritdoc/>
    public Task<string?> FindUserAddressAsync(Guid user, CancellationToken cancellation) => UnexpectedAnswer.GuardAsync(users.AddressAsync(user, cancellation));

    /// <inheritdoc/>
    public Task<IReadOnlyList<CrmResult>> WriteAsync(IReadOnlyList<CrmWrite> writes, CancellationToken cancellation) => writer.WriteAsync(writes, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublishedDefinition>> ReadDefinitionsAsync(CancellationToken cancellation) =>
        UnexpectedAnswer.GuardAsync(feed.ReadAsync(cancellation));

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<(string Kind, string Name, string Json)> definitions, string reason,
        CancellationToken cancellation) =>
        UnexpectedAnswer.GuardAsync(publisher.PublishAsync(definitions, reason, cancellation));

    /// <inheritdoc/>
    public Task<string?> FindVariableAsync(string name, CancellationToken cancellation) => UnexpectedAnswer.GuardAsync(variables.FindAsync(name, cancellation));

    /// <inheritdoc/>
    public Task<ContactChanges> ReadChangesAsync(string? token, CancellationToken cancellation) => UnexpectedAnswer.GuardAsync(changes.ReadAsync(token, cancellation));

    /// <summary>The id of the organisation that answers: another one than before is a copy or a restored environment, where no mail must go out.</summary>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task<Guid> ReadOrganizationAsync(CancellationToken cancellation)
    {
        using JsonDocument who = await api.ReadAsync("WhoAmI", null, cancellation);
        return who.RootElement.GetProperty("OrganizationId").GetGuid();
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        feed.Dispose();
        api.Dispose();
    }
}
