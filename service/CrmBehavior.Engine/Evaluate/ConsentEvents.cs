using CrmBehavior.Engine.Compile;
using CrmBehavior.Engine.Events;
using CrmBehavior.Engine.State;
using CrmBehavior.Engine.Values;

namespace CrmBehavior.Engine.Evaluate;

/// <summary>Reads what events say about consent and about the address.</summary>
internal static class ConsentEvents
{
    public static void Take(Plan plan, ContactState contact, EventFrame frame)
    {
        if (frame.Shape == plan.ConsentChanged)
        {
            Value granted = frame.ValueAt("properties.granted");
            if (granted.Kind is ValueKind.True or ValueKind.False)
            {
                contact.Consents.Set(Text(frame, "properties.channel", "email"), Text(frame, "properties.purpose", "marketing"), granted.IsTrue, frame.At);
            }
        }
        else if (frame.Shape == plan.EmailUnsubscribed)
        {
            string purpose = Text(frame, "properties.purpose", "");
            if (purpose.Length == 0) contact.Consents.WithdrawAll("email", frame.At);
            else contact.Consents.Set("email", purpose, false, frame.At);
        }
        else if (frame.Shape == plan.EmailComplained)
        {
            contact.Consents.WithdrawAll("email", frame.At);
            contact.IsAddressBlocked = true;
        }
        else if (frame.Shape == plan.EmailBounced && frame.ValueAt("properties.permanent").Kind != ValueKind.False)
        {
            contact.IsAddressBlocked = true;
        }
    }

    static string Text(EventFrame frame, string path, string otherwise)
    {
        Value value = frame.ValueAt(path);
        return value.Kind == ValueKind.Text ? value.ToString() : otherwise;
    }
}
