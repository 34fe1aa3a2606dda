namespace RealtimeInference;

/// <summary>A JSON value that knows where it stands.</summary>
internal sealed class JsonValue(JsonKind kind, JsonPosition position)
{
    public JsonKind Kind { get; } = kind;

    public JsonPosition Position { get; } = position;

    public string Text { get; init; } = "";

    public double Number { get; init; }

    public bool Boolean { get; init; }

    public List<JsonValue> Items { get; } = [];

    public List<JsonMember> Members { get; } = [];

    /// <summary>Says in words what it is, for an error.</summary>
    public string Describe() => Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.Boolean => Boolean ? "true" : "false",
        JsonKind.Number => $"the number {Text}",
        JsonKind.Text => $"the text \"{Text}\"",
        JsonKind.Array => "an array",
        _ => "an object",
    };
}

/// <summary>A member of a JSON object.</summary>
internal sealed class JsonMember(string name, JsonPosition position, JsonValue value)
{
    public string Name { get; } = name;

    public JsonPosition Position { get; } = position;

    public JsonValue Value { get; } = value;
}
