using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.InMemory;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public Task MigrateAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<StoredPlan?> FindPlanAsync(CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Database.Plans.LastOrDefault());
    }

    /// <inheritdoc/>
    public Task<StoredPlan?> FindPlanAsync(int generation, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Database.Plans.Find(p => p.Generation == generation));
    }

    /// <inheritdoc/>
    public Task<bool> TryAddPlanAsync(StoredPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        lock (Database.Gate)
        {
            bool isNext = plan.Generation == Database.Plans.Count + 1;
            if (isNext) Database.Plans.Add(plan);
            return Task.FromResult(isNext);
        }
    }

    /// <inheritdoc/>
    public Task<string?> FindSettingAsync(string name, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Database.Settings.GetValueOrDefault(name));
    }

    /// <inheritdoc/>
    public async Task<string> EnsureSettingAsync(string name, string value, CancellationToken cancellation)
    {
        await Task.CompletedTask;
        MemoryText.Check(name, "A setting", "name");
        MemoryText.Check(value, $"Setting '{name}'", "value");
        lock (Database.Gate)
        {
            Database.Settings.TryAdd(name, value);
            return Database.Settings[name];
        }
    }

    /// <inheritdoc/>
    public async Task PutSettingAsync(string name, string value, CancellationToken cancellation)
    {
        await Task.CompletedTask;
        MemoryText.Check(name, "A setting", "name");
        MemoryText.Check(value, $"Setting '{name}'", "value");
        lock (Database.Gate) Database.Settings[name] = value;
    }

    /// <inheritdoc/>
    public async Task<Guid?> FindByEmailAsync(string email, CancellationToken cancellation)
    {
        await Task.CompletedTask;
        MemoryText.Check(email, "An address", "text");
        lock (Database.Gate) return Database.Emails.TryGetValue(email, out Guid contact) ? contact : null;
    }

    /// <inheritdoc/>
    public async Task RememberEmailAsync(string email, Guid? contact, CancellationToken cancellation)
    {
        await Task.CompletedTask;
        MemoryText.Check(email, "An address", "text");
        lock (Database.Gate)
        {
            if (contact == null) Database.Emails.Remove(email);
            else if (!IsErased(contact.Value)) Database.Emails[email] = contact.Value;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Guid, Guid>> FindMastersAsync(IReadOnlyCollection<Guid> contacts, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<Guid, Guid>>(
                contacts.Distinct().Select(c => (Contact: c, Last: MasterOf(c))).Where(c => c.Contact != c.Last).ToDictionary(c => c.Contact, c => c.Last));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindLastingTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlySet<(Guid, string)>>(tags.Where(Database.LastingTags.Contains).ToHashSet());
    }

    /// <inheritdoc/>
    public Task NoteLastingTagAsync(Guid contact, string tag, bool lasting, CancellationToken cancellation)
    {
        lock (Database.Gate)
        {
            if (!lasting) Database.LastingTags.Remove((contact, tag));
            else if (!IsErased(contact)) Database.LastingTags.Add((contact, tag));
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task NoteWrittenTagAsync(LeasedEffect by, Guid contact, string tag, bool? lasting, bool isGiftOver, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(by);
        lock (Database.Gate)
        {
            if (!Database.Outbox.TryGetValue(by.Effect.Id, out MemoryEffect? row) || row.Fence != by.Fence) return Task.CompletedTask;
            if (lasting == true && !IsErased(contact)) Database.LastingTags.Add((contact, tag));
            if (lasting == false) Database.LastingTags.Remove((contact, tag));
            if (isGiftOver) Database.GivenTags.Remove((contact, tag));
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlySet<(Guid Contact, string Tag)>> FindGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlySet<(Guid, string)>>(tags.Where(Database.GivenTags.Contains).ToHashSet());
    }

    /// <inheritdoc/>
    public Task NoteGivenTagsAsync(IReadOnlyCollection<(Guid Contact, string Tag)> tags, bool given, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tags);
        lock (Database.Gate)
        {
            foreach ((Guid Contact, string Tag) tag in tags)
            {
                if (!given) Database.GivenTags.Remove(tag);
                else if (!IsErased(tag.Contact)) Database.GivenTags.Add(tag);
            }
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task AddUnresolvedAsync(IReadOnlyCollection<(IReadOnlyList<string> Subjects, byte[] Call)> calls, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calls);
        await Task.CompletedTask;
        foreach (string subject in calls.SelectMany(c => c.Subjects)) MemoryText.Check(subject, "A call without contact", "subject");
        lock (Database.Gate)
        {
            foreach ((IReadOnlyList<string> subjects, byte[] call) in calls) Database.Unresolved.Add((Database.NextNumber(), subjects, call));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> FindUnresolvedAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        await Task.CompletedTask;
        foreach (string subject in subjects) MemoryText.Check(subject, "A call without contact", "subject");
        lock (Database.Gate) return Database.Unresolved.SelectMany(u => u.Subjects).Where(subjects.Contains).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<(long Number, string Subject, byte[] Call)>> ReadUnresolvedAsync(long after, int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlyList<(long, string, byte[])>>([.. Database.Unresolved.Where(u => u.Number > after).Take(most).Select(u => (u.Number, u.Subjects[0], u.Call))]);
    }

    /// <inheritdoc/>
    public Task RemoveUnresolvedAsync(IReadOnlyCollection<long> numbers, CancellationToken cancellation)
    {
        lock (Database.Gate) Database.Unresolved.RemoveAll(u => numbers.Contains(u.Number));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ParkInputAsync(string door, string reason, byte[] content, long at, CancellationToken cancellation)
    {
        lock (Database.Gate) Database.ParkedInputs.Add((null, new ParkedInput(Database.NextNumber(), MemoryText.Mend(door), MemoryText.Mend(reason), at, content)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<ParkedInput> Latest, long Count)> ReadParkedInputsAsync(int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<(IReadOnlyList<ParkedInput>, long)>(([.. Database.ParkedInputs.AsEnumerable().Reverse().Take(most).Select(p => p.Input)], Database.ParkedInputs.Count));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ParkedInput>> ReadParkedInputsBeforeAsync(long before, int most, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult<IReadOnlyList<ParkedInput>>([.. Database.ParkedInputs.AsEnumerable().Reverse().Select(p => p.Input).Where(i => i.Number < before).Take(most)]);
    }

    /// <inheritdoc/>
    public Task<bool> RemoveParkedInputAsync(long number, CancellationToken cancellation)
    {
        lock (Database.Gate) return Task.FromResult(Database.ParkedInputs.RemoveAll(p => p.Input.Number == number) == 1);
    }
}
