using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Simulation.Tests.Outside;

namespace CrmBehavior.Simulation.Tests.CallByCall;

/// <summary>The CRM without a wire between.</summary>
public sealed class PlainCrm(SimulatedCrm crm) : ICrmGateway
{
    const string Owner = "0f000000-0000-0000-0000-00000000000f";

    public Task<Guid?> FindContactAsync(string email, CancellationToken cancellation) =>
        Task.FromResult(crm.Contacts.Where(c => c.Value.GetValueOrDefault("emailaddress1") as string == email).Select(c => (Guid?)c.Key).FirstOrDefault());

    public Task<bool> HasContactAsync(Guid contact, CancellationToken cancellation) => Task.FromResult(crm.Contacts.ContainsKey(contact));

    public Task<bool> CreateContactAsync(Guid contact, IReadOnlyDictionary<string, object?> columns, CancellationToken cancellation) =>
        Task.FromResult(crm.Contacts.TryAdd(contact, new Dictionary<string, object?>(columns)));

    public Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>> ReadContactsAsync(
        IReadOnlyCollection<Guid> contacts, IReadOnlyCollection<string> columns, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyDictionary<Guid, IReadOnlyDictionary<string, object?>>>(
            contacts.Where(crm.Contacts.ContainsKey).ToDictionary(c => c, c => (IReadOnlyDictionary<string, object?>)crm.Contacts[c]));

    public Task<IReadOnlyList<CrmResult>> WriteAsync(IReadOnlyList<CrmWrite> writes, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CrmResult>>([.. writes.Select(w => crm.Write(w, makesGhosts: false))]);

    public Task<IReadOnlyList<PublishedDefinition>> ReadDefinitionsAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<PublishedDefinition>>([.. crm.Definitions]);

    public Task<bool> MayReadContactAsync(Guid user, Guid contact, CancellationToken cancellation) => throw new NotSupportedException("Nobody asks from here.");

    public Task<string?> FindUserAddressAsync(Guid user, CancellationToken cancellation) => throw new NotSupportedException("Nobody asks from here.");

    public Task<IReadOnlyList<string>> PublishAsync(IReadOnlyList<(string Kind, string Name, string Json)> definitions, string reason, CancellationToken cancellation) =>
        throw new NotSupportedException("Nobody publishes from here.");

    public Task<string?> FindVariableAsync(string name, CancellationToken cancellation) =>
        Task.FromResult<string?>(name switch { CrmNames.DefaultOwnerVariable => Owner, CrmNames.MainScoreVariable => "engagement", _ => null });
}
