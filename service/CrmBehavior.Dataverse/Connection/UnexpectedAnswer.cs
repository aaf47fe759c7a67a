using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Connection;

/// <summary>JSON of another form than the Web API's (a proxy, a changed version) is a failure of the CRM's, not of the program.</summary>
static class UnexpectedAnswer
{
    /// <summary>Reads, and tells an answer of another form as <see cref="CrmException"/>.</summary>
    public static async Task<T> GuardAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception e) when (IsWrongForm(e))
        {
            throw Told(e);
        }
    }

    /// <summary>Does, and tells an answer of another form as <see cref="CrmException"/>.</summary>
    public static async Task GuardAsync(Task doing)
    {
        try
        {
            await doing;
        }
        catch (Exception e) when (IsWrongForm(e))
        {
            throw Told(e);
        }
    }

    /// <summary>Whether JSON was read that has another form.</summary>
    public static bool IsWrongForm(Exception e) => e is KeyNotFoundException or InvalidOperationException or FormatException;

    static CrmException Told(Exception e) => new("The CRM's answer has another form than expected: " + e.Message, isTransient: true, inner: e);
}
