using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Decisions;
using CrmBehavior.Engine.Evaluate;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Pipeline.Process;

/// <summary>Works a contact's state out anew from its log.</summary>
internal static class LogRebuild
{
    /// <summary>The state after these events; what was decided on the way is not told.</summary>
    /// <param name="id">The contact.</param>
    /// <param name="events">In order of arrival. One that cannot be judged counts for nothing, as it did when it came.</param>
    /// <param name="evaluator">Of the plan.</param>
    /// <param name="reader">Of the same plan.</param>
    /// <param name="frame">Room for one event.</param>
    public static ContactState Of(string id, IEnumerable<LoggedEvent> events, Evaluator evaluator, EventReader reader, EventFrame frame)
    {
        List<LoggedEvent> left = [.. events];
        while (true)
        {
            var state = new ContactState(id);
            var nobody = new DecisionList();
            int next = 0;
            try
            {
                for (; next < left.Count; next++)
                {
                    byte[] body = left[next].Body;
                    if (reader.TryRead(body, 0, body.Length, frame, out _)) evaluator.Handle(state, frame, nobody);
                }
                return state;
            }
            catch (Exception e) when (Poison.Is(e))
            {
                // Half of it may be in the state: again, without it.
                left.RemoveAt(next);
            }
        }
    }
}
