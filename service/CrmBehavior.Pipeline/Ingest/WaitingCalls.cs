using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Ingest;

/// <summary>
/// Who has calls that wait for the CRM. The store is asked for every call, because any process may have kept one; questions that come while
/// one is under way are asked together in the next.
/// </summary>
internal sealed class WaitingCalls(IServiceStore store)
{
    readonly Lock gate = new();
    readonly Dictionary<string, int> underWay = new(StringComparer.Ordinal);
    Question? next;
    bool isAsking;

    /// <summary>All that a call says of who it is: another call that has one of these in common may be of the same person.</summary>
    public static IReadOnlyList<string> SubjectsOf(TrackingCall call) =>
        [.. new[] { call.Email, call.UserId, call.AnonymousId, call.PreviousId }.OfType<string>().Select(s => s.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];

    /// <summary>Which of some subjects have calls that wait, or are just being kept here.</summary>
    public async Task<IReadOnlySet<string>> FindAsync(IReadOnlyCollection<string> subjects, CancellationToken cancellation)
    {
        Question question;
        HashSet<string> waiting;
        bool isFirst;
        lock (gate)
        {
            // First those under way, then the store: what is in neither was not kept before now.
            waiting = [.. subjects.Where(underWay.ContainsKey)];
            question = next ??= new Question();
            question.Subjects.UnionWith(subjects);
            isFirst = !isAsking;
            isAsking = true;
        }
        if (isFirst) _ = AskAsync();
        IReadOnlySet<string> stored = await question.Answer.Task.WaitAsync(cancellation);
        waiting.UnionWith(subjects.Where(stored.Contains));
        return waiting;
    }

    /// <summary>Keeps calls after some other work is done; from now on all of their subjects wait behind them.</summary>
    public async Task KeepAsync(IReadOnlyCollection<(IReadOnlyList<string> Subjects, byte[] Call)> calls, Func<Task> before, CancellationToken cancellation)
    {
        string[] subjects = [.. calls.SelectMany(c => c.Subjects)];
        lock (gate)
        {
            foreach (string subject in subjects) underWay[subject] = underWay.GetValueOrDefault(subject) + 1;
        }
        try
        {
            await before();
            if (calls.Count > 0) await store.AddUnresolvedAsync(calls, cancellation);
        }
        finally
        {
            lock (gate)
            {
                foreach (string subject in subjects)
                {
                    if (--underWay[subject] == 0) underWay.Remove(subject);
                }
            }
        }
    }

    async Task AskAsync()
    {
        while (true)
        {
            Question question;
            lock (gate)
            {
                if (next == null)
                {
                    isAsking = false;
                    return;
                }
                question = next;
                next = null;
            }
            try
            {
                question.Answer.SetResult(await store.FindUnresolvedAsync(question.Subjects, CancellationToken.None));
            }
            catch (Exception e)
            {
                question.Answer.SetException(e);
            }
        }
    }

    /// <summary>What is asked of the store next.</summary>
    sealed class Question
    {
        public HashSet<string> Subjects { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource<IReadOnlySet<string>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
