from comm import create_comm
from IPython.display import HTML, Javascript, display

shown = display(HTML("<script>alert('page')</script>"), display_id="page")
display(Javascript("alert('script')"))
for _ in range(1_000):
    display(HTML("<img src=x onerror=alert(1)>"), display_id="page", update=True)
comm = create_comm(
    target_name="jupyter.widget",
    data={"state": {"_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel"}},
)
comm.send({"method": "update", "state": {"msg_id": "x" * 1_000_000}})


def double(number):
    return "<script>alert('value')</script>"
