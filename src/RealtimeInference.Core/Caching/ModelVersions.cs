namespace RealtimeInference;

/// <summary>The versions of a predictor's models at one time: a part of each key. Immutable.</summary>
internal sealed class ModelVersions : IEquatable<ModelVersions>
{
    private readonly string?[] _versions;
    private readonly int _hash;

    public ModelVersions(params string?[] versions)
    {
        _versions = versions;
        var hash = new HashCode();
        foreach (string? version in versions)
        {
            hash.Add(version);
        }

        _hash = hash.ToHashCode();
    }

    public static ModelVersions Of(IModel[] models) => new(Array.ConvertAll(models, static m => m.Version));

    /// <summary>Gets the version of the model that runs last.</summary>
    public string? Last => _versions is [.., { } last] ? last : null;

    public IReadOnlyList<string?> All => _versions;

    /// <summary>Says whether the models have these versions.</summary>
    public bool Match(IModel[] models)
    {
        for (int i = 0; i < models.Length; i++)
        {
            // The same object, as a rule, so no character is compared.
            if (models[i].Version != _versions[i])
            {
                return false;
            }
        }

        return true;
    }

    public bool Contains(string version) => Array.IndexOf(_versions, version) >= 0;

    public bool Equals(ModelVersions? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _versions.AsSpan().SequenceEqual(other._versions));

    public override bool Equals(object? obj) => Equals(obj as ModelVersions);

    public override int GetHashCode() => _hash;
}
