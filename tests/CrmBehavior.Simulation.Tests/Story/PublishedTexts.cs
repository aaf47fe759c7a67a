using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Simulation.Tests.Story;

/// <summary>What the marketers of the story have published: something of each kind.</summary>
public static class PublishedTexts
{
    static readonly (string Kind, string Name, string Json)[] Texts =
    [
        ("score", "engagement", """
            {"kind":"score","name":"engagement","halfLife":"2d","points":[{"event":"page_viewed","add":5},{"event":"product_added","add":12,"cap":{"max":3,"per":"1d"}},{"event":"order_completed","add":30},{"event":"email_opened","add":4}],
             "grades":[{"name":"cold","from":0},{"name":"warm","from":20},{"name":"hot","from":50}]}
            """),
        ("signal", "buying-intent", """{"kind":"signal","name":"buying-intent","when":{"event":"product_viewed","within":"1d","count":3},"for":"6h"}"""),
        ("segment", "engaged", """{"kind":"segment","name":"engaged","when":{"score":"engagement","gte":20},"tag":"Engaged"}"""),
        ("segment", "away", """{"kind":"segment","name":"away","when":{"absent":{"event":"page_viewed"},"for":"36h"},"tag":"Away"}"""),
        ("template", "welcome", """{"kind":"template","name":"welcome","category":"info","subject":"Welcome","html":"<p>Welcome</p>"}"""),
        ("template", "cart", """{"kind":"template","name":"cart","category":"recovery","subject":"Your cart","html":"<p>Cart</p>"}"""),
        ("template", "offer", """{"kind":"template","name":"offer","category":"promo","subject":"An offer","html":"<p>Offer</p>"}"""),
        ("policy", "courtesy", """{"kind":"policy","name":"courtesy","consent":{"email":"optOut"},"quietHours":[{"from":"22:00","to":"06:00","then":"defer"}],"caps":[{"name":"monthly","max":4,"per":"30d","then":"drop"}]}"""),
        ("journey", "welcome", """
            {"kind":"journey","name":"welcome","category":"info","trigger":{"event":"contact_created"},"entry":{"reentry":{"after":"1d"}},
             "steps":[{"id":"hello","sendEmail":{"template":"welcome"}},{"id":"note","timeline":{"subject":"Welcomed"}},{"id":"rest","wait":"1d"},
              {"id":"how","branch":[{"name":"keen","if":{"segment":"engaged"},"then":[{"id":"warm","addTag":"Warm"},{"id":"call","notifySales":{"subject":"Call","priority":"high","dueIn":"4h"}}]},
               {"else":[{"id":"cold","removeTag":"Warm"},{"id":"field","setField":{"field":"leadStatus","value":"cold"}}]}]},
              {"id":"more","sendEmail":{"template":"offer"}},{"id":"last","setField":{"field":"leadStatus","value":"offered"}}]}
            """),
        ("journey", "cart", """
            {"kind":"journey","name":"cart","category":"recovery","priority":70,"trigger":{"when":{"absent":{"event":"order_completed"},"for":"30m","since":{"event":"product_added"}}},"entry":{"reentry":{"after":"12h"}},
             "goal":{"when":{"event":"order_completed"},"within":"7d"},
             "steps":[{"id":"mail","sendEmail":{"template":"cart"}},
              {"id":"react","waitFor":{"event":"email_opened"},"atMost":"12h","then":[{"id":"tell","notifySales":{"subject":"Came back"}},{"id":"plus","addScore":{"score":"engagement","add":10}}],"else":[{"id":"again","sendEmail":{"template":"offer"}}]},
              {"id":"end","timeline":{"subject":"Cart closed"}}]}
            """),
        ("journey", "looking", """
            {"kind":"journey","name":"looking","trigger":{"event":"signal:buying-intent"},"entry":{"reentry":{}},
             "steps":[{"id":"on","addTag":"Looking"},{"id":"say","timeline":{"subject":"Looks around"}},{"id":"off","removeTag":"Looking"},{"id":"a","setField":{"field":"interest","value":"some"}},{"id":"b","setField":{"field":"interest","value":"high"}}]}
            """),
    ];

    /// <summary>Published in the middle of the week in some runs.</summary>
    static readonly (string Kind, string Name, string Json)[] Later =
    [
        ("segment", "buyers", """{"kind":"segment","name":"buyers","when":{"event":"order_completed","within":"30d"},"tag":"Buyer"}"""),
    ];

    public static IEnumerable<PublishedDefinition> AtFirst => Texts.Select(Publish);

    public static IEnumerable<PublishedDefinition> AtLast => Later.Select(Publish);

    static PublishedDefinition Publish((string Kind, string Name, string Json) text) => new(text.Kind, text.Name, 1, false, true, text.Json);
}
