namespace QuickStart;

/// <summary>Tells the user what came out.</summary>
public interface IReport
{
    void Add(Detection detection);

    void Finish();
}
