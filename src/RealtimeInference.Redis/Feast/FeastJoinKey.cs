namespace RealtimeInference.Redis;

/// <summary>One part of what an entity of Feast is known by: the name of a join key and the type of its values.</summary>
/// <param name="Name">The name, as the entity's <c>join_keys</c> has it; case-sensitive.</param>
/// <param name="Type">The type, as the entity's <c>value_type</c> has it.</param>
public sealed record FeastJoinKey(string Name, FeastKeyType Type);
