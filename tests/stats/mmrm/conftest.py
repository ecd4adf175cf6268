import pandas as pd
import pytest


@pytest.fixture(scope="session")
def fev(shared):
    """Return the example data of R's mmrm, with the order of levels that they have there."""
    data = pd.read_csv(shared / "reference/mmrm/fev_data.csv")
    return data.assign(SEX=pd.Categorical(data["SEX"], ["Male", "Female"]))
